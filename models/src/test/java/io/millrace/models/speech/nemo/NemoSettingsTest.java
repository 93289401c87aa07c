package io.millrace.models.speech.nemo;

import java.nio.ByteBuffer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NemoSettingsTest {

    private static final String STREAMING = """
            target: nemo.collections.asr.models.hybrid_rnnt_ctc_bpe_models.EncDecHybridRNNTCTCBPEModel
            preprocessor: {sample_rate: 16000, normalize: NA, window_size: 0.025, window_stride: 0.01, window: hann,
              features: 80, n_fft: 512, frame_splicing: 1, dither: 1e-5, pad_to: 0}
            encoder: {feat_in: 80, feat_out: -1, subsampling: dw_striding, causal_downsampling: true,
              self_attention_model: rel_pos, att_context_style: chunked_limited, conv_context_size: causal,
              untie_biases: true, dropout: 0.1}
            decoder: {blank_as_pad: true, normalization_mode: null, prednet: {pred_hidden: 8, t_max: null}}
            joint: {log_softmax: null, jointnet: {joint_hidden: 8, activation: relu}}
            loss: {loss_name: default}
            """;

    private static JsonNode with(String path, String value) {
        JsonNode model = NemoConfig.parse(ByteBuffer.wrap(SyntheticNemo.utf8(STREAMING)));
        ObjectNode node = (ObjectNode) model;
        String[] keys = path.split("\\.");
        for (int i = 0; i < keys.length - 1; i++) {
            node = node.withObject("/" + keys[i]);
        }
        String last = keys[keys.length - 1];
        if (value == null) {
            node.remove(last);
        } else {
            node.set(
                    last,
                    NemoConfig.parse(ByteBuffer.wrap(SyntheticNemo.utf8("v: " + value)))
                            .path("v"));
        }
        return model;
    }

    @Test
    void aStreamingModelIsTaken() {
        assertThatCode(() -> NemoSettings.check(with("name", "x"))).doesNotThrowAnyException();
    }

    /** Each changes what a network gives, and each is refused by its key, its value and what would be obeyed. */
    @ParameterizedTest
    @CsvSource({
        "preprocessor.normalize, per_feature, NA or null",
        "preprocessor.normalize, all_features, NA or null",
        "preprocessor.sample_rate, 8000, 16000",
        "preprocessor.window_size, 0.02, 0.025",
        "preprocessor.window_stride, 0.02, 0.01",
        "preprocessor.n_window_size, 320, 400",
        "preprocessor.window, hamming, hann",
        "preprocessor.n_fft, 1024, 512",
        "preprocessor.preemph, null, 0.97",
        "preprocessor.mag_power, 1.0, 2.0",
        "preprocessor.log, false, true",
        "preprocessor.log_zero_guard_type, clamp, add",
        "preprocessor.log_zero_guard_value, 1e-5, 5.9604",
        "preprocessor.frame_splicing, 3, 1",
        "preprocessor.exact_pad, true, false",
        "encoder.feat_out, 256, -1",
        "encoder.subsampling, striding, dw_striding",
        "encoder.causal_downsampling, false, true",
        "encoder.self_attention_model, rel_pos_local_attn, rel_pos",
        "encoder.att_context_style, regular, chunked_limited",
        "encoder.conv_context_size, null, causal",
        "encoder.untie_biases, false, true",
        "encoder.reduction, pooling, null",
        "encoder.global_tokens, 4, 0",
        "decoder.blank_as_pad, false, true",
        "decoder.normalization_mode, layer, null",
        "joint.num_extra_outputs, 5, 0",
        "loss.loss_name, tdt, plain transducer",
        "target, nemo.collections.asr.models.EncDecHybridRNNTCTCBPEModelWithPrompt, without prompts",
        "target, nemo.collections.asr.models.EncDecMultiTaskModel, hybrid of RNNT and CTC",
        "encoder.use_magic, true, not known",
        "joint.prompts, 12, not known"
    })
    void whatIsNotObeyedIsRefusedByKey(String key, String value, String obeyed) {
        assertThatThrownBy(() -> NemoSettings.check(with(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key.startsWith("target") || key.startsWith("loss") ? value : key)
                .hasMessageContaining(obeyed);
    }

    /** NeMo's own value where nothing is said is another than the one obeyed. */
    @ParameterizedTest
    @ValueSource(strings = {"preprocessor.normalize", "preprocessor.window_size"})
    void whatIsLeftOutHasNemosValue(String key) {
        assertThatThrownBy(() -> NemoSettings.check(with(key, null))).hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({
        "preprocessor.dither, 0.1",
        "preprocessor.pad_to, 16",
        "preprocessor.normalize, null",
        "preprocessor.n_window_size, 400",
        "encoder.dropout, 0.3",
        "encoder.new_and_off, false",
        "encoder.another_that_is_off, null",
        "encoder.untie_biases, true"
    })
    void whatChangesNothingIsTaken(String key, String value) {
        assertThatCode(() -> NemoSettings.check(with(key, value))).doesNotThrowAnyException();
    }
}
