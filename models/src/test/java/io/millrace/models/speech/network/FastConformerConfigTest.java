package io.millrace.models.speech.network;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FastConformerConfigTest {

    static final List<AttentionContext> CONTEXTS = List.of(
            new AttentionContext(70, 13),
            new AttentionContext(70, 6),
            new AttentionContext(70, 1),
            new AttentionContext(70, 0));

    static FastConformerConfig sizes(
            int layers, int width, int heads, int channels, int vocabulary, int predictionWidth) {
        return new FastConformerConfig(
                80,
                null,
                layers,
                width,
                heads,
                4,
                8,
                channels,
                9,
                ConvolutionNorm.LAYER_NORM,
                true,
                true,
                CONTEXTS,
                vocabulary,
                predictionWidth,
                1,
                predictionWidth,
                FastConformerConfig.JointActivation.RELU,
                0.1f,
                0.2f);
    }

    @Test
    void countsTheWeightsOfThePublishedModels() {
        assertThat(sizes(17, 512, 8, 256, 1024, 640).parameterCount())
                .as("Large, 114 M")
                .isEqualTo(114_752_514);
        assertThat(sizes(16, 256, 4, 256, 1024, 640).parameterCount())
                .as("Medium, 32 M")
                .isEqualTo(31_627_266);
        assertThat(sizes(16, 176, 4, 176, 1024, 320).parameterCount())
                .as("Small, 14 M")
                .isEqualTo(14_238_306);
    }

    @Test
    void anEncoderFrameStandsForEightMelFramesAndTheFirstForOne() {
        FastConformerConfig config = sizes(1, 16, 2, 8, 10, 8);
        assertThat(config.encoderFrames(1)).isEqualTo(1);
        assertThat(config.encoderFrames(8)).isEqualTo(2);
        assertThat(config.encoderFrames(105)).isEqualTo(14);
        assertThat(config.encoderFrames(222)).isEqualTo(29);
    }

    @Test
    void refusesWhatCannotBeByName() {
        assertThatThrownBy(() -> sizes(1, 16, 3, 8, 10, 8)).hasMessageContaining("16 is no multiple of 3 heads");
        assertThatThrownBy(() -> sizes(0, 16, 2, 8, 10, 8)).hasMessageContaining("layers");
        assertThatThrownBy(() -> new AttentionContext(70, 3)).hasMessageContaining("[70,3]");
        assertThatThrownBy(() -> sizes(1, 16, 2, 8, 10, 8).context(2)).hasMessageContaining("no look-ahead 2");
    }
}
