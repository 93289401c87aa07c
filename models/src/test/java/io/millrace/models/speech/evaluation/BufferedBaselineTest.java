package io.millrace.models.speech.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import ai.djl.Device;
import io.millrace.models.card.ModelCard;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;
import io.millrace.models.speech.training.SpeechTrainingOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BufferedBaselineTest {

    @TempDir
    Path path;

    private SpeechModel folder;

    @BeforeEach
    void model() throws Exception {
        SpeechTrainingOptions options = new SpeechTrainingOptions();
        options.layers = 2;
        options.width = 16;
        options.heads = 2;
        options.subsamplingChannels = 4;
        options.predictionWidth = 4;
        options.jointWidth = 8;
        FastConformerConfig config = options.config(4);
        SpeechModel.write(
                path,
                "test",
                new ModelCard.Training("test", 3, null, null, null),
                config,
                new Tokens(Tokens.Kind.WORDS, List.of("a", "b", "c", "d")),
                FastConformerWeights.random(config, 3));
        folder = SpeechModel.KIND.load(path);
    }

    private static float[] noise(int count, long seed) {
        Random random = new Random(seed);
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (float) (0.2 * Math.sin(i * 0.02 * (1 + i / 5000)) + 0.05 * random.nextGaussian());
        }
        return samples;
    }

    /** A buffer that holds the whole utterance forgets nothing: it hears what caches hear. */
    @Test
    void hearsTheSameAsCachesWhileTheBufferIsNotFull() {
        for (int lookAhead : List.of(0, 1, 6, 13)) {
            for (int count : new int[] {700, 12_345, 60_000}) {
                Utterance utterance = Utterance.of("s", List.of(), noise(count, count));
                try (FastConformerModel model = new FastConformerModel(folder, Device.cpu());
                        BufferedBaseline baseline = new BufferedBaseline(folder, lookAhead, 5.6)) {
                    List<String> cached = StreamedEvaluation.of(
                                    model, folder.tokens(), lookAhead, UtteranceDecoder.Head.CTC, List.of(utterance))
                            .utterances()
                            .get(0)
                            .heard();
                    assertThat(baseline.transcribe(utterance.amplitudes()))
                            .as("look-ahead " + lookAhead + ", " + count + " samples")
                            .isEqualTo(cached);
                }
            }
        }
    }

    @Test
    void goesOnWhenTheBufferIsFull() {
        try (BufferedBaseline baseline = new BufferedBaseline(folder, 1, 1.0)) {
            assertThat(baseline.transcribe(noise(80_000, 1))).isNotEmpty();
        }
    }

    @Test
    void refusesABufferShorterThanAChunk() {
        assertThatThrownBy(() -> new BufferedBaseline(folder, 13, 1.0)).hasMessageContaining("chunk");
    }
}
