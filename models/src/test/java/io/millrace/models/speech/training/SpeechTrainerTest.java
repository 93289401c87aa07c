package io.millrace.models.speech.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.tokens.Tokens;
import io.millrace.models.torch.EngineSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpeechTrainerTest {

    private static final Tokens TOKENS = new Tokens(Tokens.Kind.WORDS, List.of("high", "low"));

    @TempDir
    Path folder;

    private final List<SpeechTrainingListener.Validation> told = new ArrayList<>();
    private final List<SpeechTrainingListener.Progress> progress = new ArrayList<>();

    private final SpeechTrainingListener listener = new SpeechTrainingListener() {
        @Override
        public void progress(Progress figures) {
            progress.add(figures);
        }

        @Override
        public void validated(Validation validation) {
            told.add(validation);
        }
    };

    @BeforeAll
    static void oneThread() {
        EngineSettings.singleThreaded().apply();
    }

    private static SpeechTrainingOptions options(int steps) {
        SpeechTrainingOptions options = new SpeechTrainingOptions();
        options.steps = steps;
        options.batch = 4;
        options.validateEvery = 16;
        options.learningRate = 1e-2;
        options.warmup = 5;
        options.layers = 1;
        options.width = 16;
        options.heads = 2;
        options.subsamplingChannels = 4;
        options.predictionWidth = 8;
        options.jointWidth = 16;
        options.strungMost = 3;
        options.strungShare = 1;
        options.frequencyMasks = 0;
        options.timeMasks = 0;
        options.noiseShare = 0.2;
        options.dropout = 0;
        options.headDropout = 0;
        options.fastEmit = 0;
        options.lookAheads = List.of(0, 1);
        options.lookAheadShares = List.of(0.5, 0.5);
        return options;
    }

    /** Two "words", a low and a high tone of a third of a second, at many loudnesses and pitches. */
    private static List<Utterance> tones(int count, long seed) {
        Random random = new Random(seed);
        List<Utterance> tones = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean high = i % 2 == 0;
            double hertz = (high ? 2000 : 400) * (0.9 + 0.2 * random.nextDouble());
            float[] samples = new float[5600];
            for (int s = 0; s < samples.length; s++) {
                samples[s] = (float) (0.3 * Math.sin(2 * Math.PI * hertz * s / 16_000) + 0.001 * random.nextGaussian());
            }
            tones.add(Utterance.of("someone", List.of(high ? "high" : "low"), samples));
        }
        return tones;
    }

    private SpeechTrainer.Trained train(SpeechTrainingOptions options, Path where, boolean resume) throws Exception {
        return new SpeechTrainer(options, TOKENS, where, listener)
                .train(tones(40, 1), Map.of("tones", tones(20, 2)), null, resume);
    }

    @Test
    void learnsToTellTwoSoundsApart() throws Exception {
        train(options(256), folder, false);

        SpeechTrainingListener.Validation last = told.get(told.size() - 1);
        assertThat(told.get(0).ctc()).as("at first").isGreaterThan(0.4);
        assertThat(last.ctc()).as("by CTC").isLessThan(0.1);
        assertThat(last.transducer()).as("by RNNT").isLessThan(0.1);
        assertThat(progress.get(progress.size() - 1).padding()).as("padding").isLessThan(0.1);
    }

    @Test
    void aTrainingThatWasInterruptedGivesTheSameWeights() throws Exception {
        SpeechTrainingOptions options = options(32);
        Map<String, HostTensor> atOnce =
                train(options, folder.resolve("at-once"), false).weights();
        Path interrupted = folder.resolve("interrupted");
        SpeechTrainingListener stops = new SpeechTrainingListener() {
            @Override
            public void progress(Progress figures) {
                if (figures.step() > 16) {
                    throw new IllegalStateException("killed");
                }
            }

            @Override
            public void validated(Validation validation) {}
        };
        SpeechTrainer killed = new SpeechTrainer(options, TOKENS, interrupted, stops);
        assertThatThrownBy(() -> killed.train(tones(40, 1), Map.of("tones", tones(20, 2)), null, false))
                .hasMessage("killed");
        told.clear();

        Map<String, HostTensor> resumed = train(options, interrupted, true).weights();

        assertThat(told).as("only what was left").allMatch(validation -> validation.step() == 32);
        atOnce.forEach((name, tensor) ->
                assertThat(resumed.get(name).floats()).as(name).containsExactly(tensor.floats()));
    }

    @Test
    void doesNotGoOnFromATrainingWithOtherOptions() throws Exception {
        train(options(8), folder, false);
        SpeechTrainingOptions other = options(8);
        other.width = 32;

        assertThatThrownBy(() -> train(other, folder, true)).hasMessageContaining("other options");
    }

    @Test
    void namesAWordWithoutAToken() {
        SpeechTrainer trainer = new SpeechTrainer(options(8), TOKENS, folder, listener);
        Utterance middle = Utterance.of("someone", List.of("middle"), new float[8000]);

        assertThatThrownBy(() -> trainer.train(List.of(middle), Map.of(), null, false))
                .hasMessageContaining("middle");
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        SpeechTrainingOptions options = options(8);
        options.lookAheadShares = List.of(1.0);

        assertThatThrownBy(() -> new SpeechTrainer(options, TOKENS, folder, listener))
                .hasMessageContaining("lookAheadShares");
    }
}
