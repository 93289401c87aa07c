package io.millrace.models.speech.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.tokens.TokenEncoder;
import io.millrace.models.speech.tokens.Tokens;

/**
 * Draws what the network learns from: utterances as they are, strings of short ones by one speaker, and silence, each
 * changed at random; and puts those of like length into one batch. What is drawn depends on seed and number alone, so a
 * training that goes on draws what it would have drawn.
 */
final class Examples {

    private static final int BATCHES_DRAWN = 16;
    private static final int SHORT_WORDS = 2;

    private final SpeechTrainingOptions options;
    private final FastConformerConfig config;
    private final TokenEncoder tokens;
    private final Augmentation augmentation;
    private final NoiseSource noise;
    private final MelFrontEnd frontEnd;
    private final Map<String, List<Utterance>> shortOf = new LinkedHashMap<>();
    private final List<Utterance> shorts = new ArrayList<>();
    private final List<Utterance> whole = new ArrayList<>();

    Examples(List<Utterance> utterances, Tokens tokens, FastConformerConfig config, SpeechTrainingOptions options) {
        this.options = options;
        this.config = config;
        this.tokens = new TokenEncoder(tokens);
        this.noise = new NoiseSource(utterances);
        this.augmentation = new Augmentation(options, noise);
        this.frontEnd = new MelFrontEnd(config.features());
        for (Utterance utterance : utterances) {
            if (utterance.duration() < options.strungBelow && options.strungShare > 0) {
                shorts.add(utterance);
                shortOf.computeIfAbsent(utterance.speaker(), ignored -> new ArrayList<>())
                        .add(utterance);
            } else {
                whole.add(utterance);
            }
        }
        whole.sort(Comparator.comparingInt(utterance -> utterance.samples().length));
    }

    /**
     * An example.
     *
     * @param mel features, frame after frame, hidden parts included
     * @param frames mel frames
     * @param tokens what is said
     * @param labels token or blank of each encoder frame, as far as it is known
     */
    record Example(float[] mel, int frames, int[] tokens, int[] labels) {}

    /**
     * The batches of a round, in the order in which they are learnt.
     *
     * @param round from 0
     * @param progress share of the training done
     */
    List<List<Example>> round(int round, double progress) {
        Random random = new Random(options.seed * 1_000_003 + round);
        double grown = options.curriculumShare > 0 ? Math.min(1, progress / options.curriculumShare) : 1;
        List<Example> drawn = new ArrayList<>();
        for (int i = 0; i < BATCHES_DRAWN * options.batch; i++) {
            drawn.add(example(random, grown));
        }
        drawn.sort(Comparator.comparingInt(Example::frames));
        List<List<Example>> batches = new ArrayList<>();
        for (int from = 0; from < drawn.size(); from += options.batch) {
            batches.add(drawn.subList(from, from + options.batch));
        }
        Collections.shuffle(batches, random);
        return batches;
    }

    static int batchesOfRound() {
        return BATCHES_DRAWN;
    }

    private Example example(Random random, double grown) {
        Sound sound;
        double kind = random.nextDouble();
        if (kind < options.silentShare) {
            sound = silence(random);
        } else if (whole.isEmpty() || (!shorts.isEmpty() && random.nextDouble() < options.strungShare)) {
            sound = augmentation.apply(strung(random, grown), random);
        } else {
            // The shortest first, sooner or later all.
            int among = (int) Math.ceil(whole.size() * (0.2 + 0.8 * grown));
            Sound one = Sound.of(whole.get(random.nextInt(among)));
            sound = augmentation.apply(Sound.strung(List.of(one), new int[] {pause(random), pause(random)}), random);
        }
        return example(sound, random);
    }

    private Sound silence(Random random) {
        int length = (int) ((1 + 2 * random.nextDouble()) * Sound.RATE);
        return new Sound(noise.alone(length, -60 + 50 * random.nextDouble(), random), List.of());
    }

    private Sound strung(Random random, double grown) {
        int most = Math.max(Math.min(SHORT_WORDS, options.strungMost), (int) Math.round(options.strungMost * grown));
        int count = 1 + random.nextInt(most);
        // A speaker as often as there are utterances, not each as often as another.
        List<Utterance> speaker =
                shortOf.get(shorts.get(random.nextInt(shorts.size())).speaker());
        List<Sound> sounds = new ArrayList<>();
        int[] pauses = new int[count + 1];
        pauses[0] = pause(random);
        for (int i = 0; i < count; i++) {
            sounds.add(Sound.of(speaker.get(random.nextInt(speaker.size()))));
            pauses[i + 1] = pause(random);
        }
        return Sound.strung(sounds, pauses);
    }

    private int pause(Random random) {
        return (int) (options.pause * random.nextDouble() * Sound.RATE);
    }

    private Example example(Sound sound, Random random) {
        float[] mel = frontEnd.features(sound.samples());
        int frames = mel.length / config.features();
        int[] ids = sound.words().stream()
                .flatMapToInt(span -> java.util.Arrays.stream(tokens.ids(span.word())))
                .toArray();
        int[] labels = FrameLabels.of(sound, tokens, config, frames);
        hide(mel, frames, random);
        return new Example(mel, frames, ids, labels);
    }

    /** SpecAugment (Park et al., arXiv 1904.08779): bands and stretches of time set to what the scaling takes to 0. */
    private void hide(float[] mel, int frames, Random random) {
        int bands = config.features();
        float hidden =
                config.featureScaling() == null ? 0 : -config.featureScaling().shift();
        for (int m = 0; m < options.frequencyMasks; m++) {
            int width = random.nextInt(options.frequencyWidth + 1);
            int from = random.nextInt(bands - width + 1);
            for (int t = 0; t < frames; t++) {
                java.util.Arrays.fill(mel, t * bands + from, t * bands + from + width, hidden);
            }
        }
        for (int m = 0; m < options.timeMasks; m++) {
            int width = random.nextInt((int) (frames * options.timeShare) + 1);
            int from = random.nextInt(Math.max(1, frames - width));
            java.util.Arrays.fill(mel, from * bands, (from + width) * bands, hidden);
        }
    }
}
