package io.millrace.models.speech.nemo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Which settings of a NeMo configuration can be obeyed. Those of size are read by {@link NemoNetwork}; of the others each
 * must have the value that this build works with, be without effect on results, or be switched off. What a configuration
 * leaves out has the value that NeMo gives it.
 */
final class NemoSettings {

    private static final Set<String> TARGETS = Set.of("EncDecHybridRNNTCTCModel", "EncDecHybridRNNTCTCBPEModel", "");

    /** Settings that must have one of some values: as text, the first that NeMo takes where nothing is said. */
    private static final Map<String, List<String>> FIXED = new LinkedHashMap<>();

    /** Settings that {@link NemoNetwork} reads, or that change nothing of what a trained network gives. */
    private static final Map<String, Set<String>> OTHERS = Map.of(
            "preprocessor",
            Set.of(
                    "_target_",
                    "dither",
                    "pad_to",
                    "pad_value",
                    "features",
                    "rng",
                    "n_window_size",
                    "n_window_stride",
                    "log_zero_guard_value",
                    "lowfreq",
                    "highfreq",
                    "mel_norm",
                    "nb_augmentation_prob",
                    "nb_max_freq",
                    "use_torchaudio",
                    "stft_conv",
                    "stft_exact_pad",
                    "window_size",
                    "window_stride"),
            "encoder",
            Set.of(
                    "_target_",
                    "feat_in",
                    "n_layers",
                    "d_model",
                    "n_heads",
                    "ff_expansion_factor",
                    "subsampling_factor",
                    "subsampling_conv_channels",
                    "subsampling_conv_chunking_factor",
                    "conv_kernel_size",
                    "conv_norm_type",
                    "use_bias",
                    "xscaling",
                    "att_context_size",
                    "att_context_probs",
                    "dropout",
                    "dropout_pre_encoder",
                    "dropout_emb",
                    "dropout_att",
                    "pos_emb_max_len",
                    "reduction_factor",
                    "stochastic_depth_drop_prob",
                    "stochastic_depth_mode",
                    "stochastic_depth_start_layer",
                    "sync_max_audio_length",
                    "use_pytorch_sdpa",
                    "use_pytorch_sdpa_backends",
                    "bypass_pre_encode",
                    "global_tokens_spacing",
                    "global_attn_separate"),
            "decoder",
            Set.of("_target_", "prednet", "vocab_size", "random_state_sampling"),
            "decoder/prednet",
            Set.of(
                    "pred_hidden",
                    "pred_rnn_layers",
                    "t_max",
                    "dropout",
                    "rnn_hidden_size",
                    "weights_init_scale",
                    "hidden_hidden_bias_scale",
                    "forget_gate_bias"),
            "joint",
            Set.of(
                    "_target_",
                    "jointnet",
                    "num_classes",
                    "vocabulary",
                    "preserve_memory",
                    "fuse_loss_wer",
                    "fused_batch_size",
                    "experimental_fuse_loss_wer"),
            "joint/jointnet",
            Set.of("joint_hidden", "activation", "dropout", "encoder_hidden", "pred_hidden"));

    static {
        FIXED.put("preprocessor/sample_rate", List.of("16000"));
        FIXED.put("preprocessor/normalize", List.of("per_feature", "NA", "null", "None"));
        FIXED.put("preprocessor/window", List.of("hann"));
        FIXED.put("preprocessor/n_fft", List.of("null", "512"));
        FIXED.put("preprocessor/preemph", List.of("0.97"));
        FIXED.put("preprocessor/log", List.of("true"));
        FIXED.put("preprocessor/log_zero_guard_type", List.of("add"));
        FIXED.put("preprocessor/frame_splicing", List.of("1"));
        FIXED.put("preprocessor/mag_power", List.of("2.0", "2"));
        FIXED.put("preprocessor/exact_pad", List.of("false"));
        FIXED.put("encoder/feat_out", List.of("-1"));
        FIXED.put("encoder/subsampling", List.of("dw_striding"));
        FIXED.put("encoder/causal_downsampling", List.of("true"));
        FIXED.put("encoder/self_attention_model", List.of("rel_pos"));
        FIXED.put("encoder/att_context_style", List.of("chunked_limited"));
        FIXED.put("encoder/conv_context_size", List.of("causal"));
        FIXED.put("encoder/untie_biases", List.of("true"));
        FIXED.put("encoder/reduction", List.of("null"));
        FIXED.put("encoder/reduction_position", List.of("null"));
        FIXED.put("encoder/global_tokens", List.of("0"));
        FIXED.put("decoder/blank_as_pad", List.of("true"));
        FIXED.put("decoder/normalization_mode", List.of("null"));
        FIXED.put("joint/log_softmax", List.of("null", "true"));
        FIXED.put("joint/num_extra_outputs", List.of("0"));
    }

    private final JsonNode model;
    private final List<String> refused = new ArrayList<>();

    private NemoSettings(JsonNode model) {
        this.model = model;
    }

    /**
     * Refuses a configuration that asks for something else.
     *
     * @throws IllegalArgumentException naming each key, its value and what would be obeyed
     */
    static void check(JsonNode model) {
        NemoSettings settings = new NemoSettings(model);
        settings.all();
        if (!settings.refused.isEmpty()) {
            throw new IllegalArgumentException(
                    "the configuration asks for what cache-aware streaming here does not do: "
                            + String.join("; ", settings.refused));
        }
    }

    private void all() {
        String target = model.path("target").asText("");
        if (!TARGETS.contains(target.substring(target.lastIndexOf('.') + 1))) {
            refused.add("target " + target + ", where a hybrid of RNNT and CTC without prompts is read");
        }
        FIXED.forEach((key, values) -> {
            boolean normalised = key.equals("preprocessor/normalize");
            String value = value(key, values.get(0));
            // NeMo normalises where nothing is said; a stream has no whole to normalise by.
            List<String> obeyed = normalised ? values.subList(1, values.size()) : values;
            if (!obeyed.contains(value)) {
                refuse(key, value, obeyed);
            }
        });
        seconds("preprocessor/window_size", "preprocessor/n_window_size", 0.02, 0.025, 400);
        seconds("preprocessor/window_stride", "preprocessor/n_window_stride", 0.01, 0.01, 160);
        between("preprocessor/log_zero_guard_value", 0x1p-24, 0x1p-24);
        String loss = model.at("/loss/loss_name").asText("default");
        if (!Set.of("default", "warprnnt_numba", "rnnt").contains(loss)) {
            refused.add("loss.loss_name " + loss + ", where the plain transducer is read");
        }
        if (model.at("/model_defaults").has("tdt_durations")
                || model.at("/decoding").has("durations")) {
            refused.add("durations of a token-and-duration transducer, which is not read");
        }
        OTHERS.forEach(this::unknown);
    }

    /** A length in seconds, or in samples where that is given instead. */
    private void seconds(String key, String inSamples, double otherwise, double obeyed, int samples) {
        JsonNode count = model.at("/" + inSamples);
        if (count.isNumber()) {
            if (count.asInt() != samples) {
                refuse(inSamples, count.asText(), List.of(Integer.toString(samples)));
            }
            return;
        }
        double value = model.at("/" + key).asDouble(otherwise);
        if (Math.abs(value - obeyed) > 1e-9) {
            refuse(key, Double.toString(value), List.of(Double.toString(obeyed)));
        }
    }

    private void between(String key, double otherwise, double obeyed) {
        double value = model.at("/" + key).asDouble(otherwise);
        if (Math.abs(value - obeyed) > 1e-3 * obeyed) {
            refuse(key, Double.toString(value), List.of(Double.toString(obeyed)));
        }
    }

    private void unknown(String section, Set<String> known) {
        model.at("/" + section).properties().forEach(entry -> {
            String key = section + '/' + entry.getKey();
            if (!known.contains(entry.getKey()) && !FIXED.containsKey(key) && !isOff(entry.getValue())) {
                refused.add(key.replace('/', '.') + " " + entry.getValue() + ", which is not known");
            }
        });
    }

    private static boolean isOff(JsonNode value) {
        return value.isNull()
                || value.isBoolean() && !value.asBoolean()
                || value.isNumber() && value.asDouble() == 0
                || value.isContainerNode() && value.isEmpty();
    }

    private String value(String key, String otherwise) {
        JsonNode value = model.at("/" + key);
        return value.isMissingNode() ? otherwise : value.isNull() ? "null" : value.asText();
    }

    private void refuse(String key, String value, List<String> obeyed) {
        refused.add(key.replace('/', '.') + " " + value + ", where it must be " + String.join(" or ", obeyed));
    }
}
