package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Writes a corpus to train, validate and test a recogniser of digits and commands: sound files and manifests {@code
 * digits-PART.jsonl} and {@code commands-PART.jsonl}. The same seed and the same synthesisers give the same corpus.
 */
public final class SpeechCorpus {

    private static final double RATE = 16_000;
    private static final double JUDGED_NATURAL_SHARE = 0.2;

    private final Path folder;
    private final long seed;

    /** A corpus in {@code folder}, which is made if it is not there. */
    public SpeechCorpus(Path folder, long seed) {
        this.folder = folder;
        this.seed = seed;
    }

    /**
     * Digits: single clips to train on, strings to validate and test by.
     *
     * @param count strings of each speaker
     * @param least fewest digits of a string
     * @param most most digits
     */
    public void digits(DigitClips clips, int count, int least, int most) throws IOException {
        Path sounds = made("digits");
        Manifest.write(folder.resolve("digits-train.jsonl"), clips.lines(Voice.Part.TRAIN, folder));
        for (Voice.Part part : List.of(Voice.Part.VALID, Voice.Part.TEST)) {
            List<ManifestLine> lines = new ArrayList<>();
            for (DigitClips.Digits digits : clips.strings(part, count, least, most, seed + part.ordinal())) {
                Path file = sounds.resolve("%s-%04d.wav".formatted(name(part), lines.size()));
                Recordings.write(file, digits.samples());
                lines.add(line(file, digits.text(), digits.samples(), digits.speaker(), digits.words()));
            }
            Manifest.write(folder.resolve("digits-" + name(part) + ".jsonl"), lines);
        }
    }

    /** Words and numbers as a switchboard says them, one clip each, to train on. */
    public void prompts(SwitchboardPrompts prompts) throws IOException {
        Manifest.write(folder.resolve("prompts-train.jsonl"), prompts.lines(folder));
    }

    /**
     * Who says commands, and how many at a time.
     *
     * @param synthesizers programs whose voices speak
     * @param naturalShare share of the commands to train on, from 0 to 1, for which voices made from people's recordings
     *     are drawn alone, and not all voices alike, most of which are espeak-ng's
     * @param threads processes that speak at a time
     */
    public record Speakers(Set<Voice.Synthesizer> synthesizers, double naturalShare, int threads) {
        public Speakers {
            synthesizers = Set.copyOf(synthesizers);
            if (!(naturalShare >= 0 && naturalShare <= 1)) {
                throw new IllegalArgumentException("the share of natural voices is from 0 to 1, not " + naturalShare);
            }
        }
    }

    /**
     * Commands of a part, each said by one of its voices.
     *
     * @param progress told how many are done
     * @throws IOException if none of the synthesisers has a voice for this part, or one cannot speak
     */
    public void commands(Voice.Part part, int count, Speakers speakers, IntConsumer progress) throws IOException {
        Path sounds = made("commands");
        SpeechSynthesizer synthesizer = new SpeechSynthesizer();
        Random random = new Random(seed * 31 + part.ordinal());
        CommandGrammar grammar = new CommandGrammar(random);
        List<Voice> voices = Voice.of(part).stream()
                .filter(voice -> speakers.synthesizers().contains(voice.synthesizer()))
                .toList();
        if (voices.isEmpty()) {
            throw new IOException("no voice of " + speakers.synthesizers() + " is kept for the part " + part);
        }
        List<Voice> natural = voices.stream()
                .filter(voice -> voice.synthesizer() != Voice.Synthesizer.ESPEAK)
                .toList();
        double naturalShare = part == Voice.Part.TRAIN ? speakers.naturalShare() : JUDGED_NATURAL_SHARE;
        ExecutorService processes = Executors.newFixedThreadPool(speakers.threads());
        try {
            List<Future<ManifestLine>> spoken = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                List<Voice> from = !natural.isEmpty() && random.nextDouble() < naturalShare ? natural : voices;
                Voice voice = from.get(random.nextInt(from.size()));
                SpeechSynthesizer.Manner manner = SpeechSynthesizer.Manner.random(random::nextDouble);
                String text = grammar.next();
                Path file = sounds.resolve("%s-%05d.wav".formatted(name(part), i));
                spoken.add(processes.submit(() -> {
                    float[] samples = synthesizer.speak(voice, text, manner);
                    Recordings.write(file, samples);
                    return line(file, text, samples, voice.speaker(), null);
                }));
            }
            List<ManifestLine> lines = new ArrayList<>();
            for (Future<ManifestLine> line : spoken) {
                lines.add(line.get());
                progress.accept(lines.size());
            }
            Manifest.write(folder.resolve("commands-" + name(part) + ".jsonl"), lines);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while commands were spoken", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } finally {
            processes.shutdownNow();
        }
    }

    /** A folder of the corpus; as it was named, for what creates it may answer with an absolute path. */
    private Path made(String name) throws IOException {
        Path made = folder.resolve(name);
        Files.createDirectories(made);
        return made;
    }

    private ManifestLine line(
            Path file, String text, float[] samples, String speaker, List<ManifestLine.TimedWord> words) {
        return new ManifestLine(folder.relativize(file).toString(), text, samples.length / RATE, null, speaker, words);
    }

    private static String name(Voice.Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }
}
