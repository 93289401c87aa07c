package io.millrace.models.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.card.ModelCard;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.ConvolutionNorm;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpeechModelTest {

    private static final ModelCard.Training TRAINING =
            new ModelCard.Training("test", 1, null, null, ModelCard.json(Map.of("wer", 0.5)));

    private final FastConformerConfig config = new FastConformerConfig(
            80,
            null,
            1,
            8,
            2,
            2,
            8,
            4,
            5,
            ConvolutionNorm.LAYER_NORM,
            true,
            true,
            List.of(new AttentionContext(4, 1)),
            3,
            4,
            1,
            4,
            FastConformerConfig.JointActivation.RELU,
            0,
            0);
    private final Tokens tokens = new Tokens(Tokens.Kind.WORDS, List.of("one", "two", "three"));

    @TempDir
    private Path folder;

    @Test
    void comesBackAsItWasWritten() throws Exception {
        Map<String, HostTensor> weights = FastConformerWeights.random(config, 1);
        SpeechModel.write(folder, "speech-test", TRAINING, config, tokens, weights);
        SpeechModel read = SpeechModel.KIND.load(folder);
        assertThat(read.config()).isEqualTo(config);
        assertThat(read.tokens()).isEqualTo(tokens);
        assertThat(read.card().training().metrics().get("wer").asDouble()).isEqualTo(0.5);
        assertThat(read.weights()).hasSameSizeAs(weights);
        weights.forEach((name, tensor) ->
                assertThat(read.weights().get(name).floats()).as(name).isEqualTo(tensor.floats()));
    }

    @Test
    void whatDoesNotFitIsRefusedByName() throws Exception {
        Map<String, HostTensor> weights = new HashMap<>(FastConformerWeights.random(config, 1));
        assertThatThrownBy(() -> SpeechModel.write(
                        folder,
                        "speech-test",
                        TRAINING,
                        config,
                        new Tokens(Tokens.Kind.WORDS, List.of("one")),
                        weights))
                .hasMessageContaining("3 tokens, 1 are named");
        SpeechModel.write(folder, "speech-test", TRAINING, config, tokens, weights);
        Files.writeString(folder.resolve("tokens.json"), "{\"kind\":\"WORDS\"");
        assertThatThrownBy(() -> SpeechModel.KIND.load(folder)).hasMessageContaining("tokens.json");
        weights.remove("joint.enc.bias");
        assertThatThrownBy(() -> SpeechModel.write(folder, "speech-test", TRAINING, config, tokens, weights))
                .hasMessageContaining("joint.enc.bias");
    }

    @Test
    void tokensMakeTextByTheirKind() {
        assertThat(tokens.text(0, 2)).isEqualTo("one three");
        assertThat(new Tokens(Tokens.Kind.CHARACTERS, List.of(" ", "a", "b")).text(1, 0, 2))
                .isEqualTo("a b");
        assertThat(new Tokens(Tokens.Kind.WORD_PIECES, List.of("\u2581th", "ree", "\u2581two")).text(0, 1, 2))
                .isEqualTo("three two");
    }
}
