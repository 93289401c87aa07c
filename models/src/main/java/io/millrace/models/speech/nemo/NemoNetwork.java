package io.millrace.models.speech.nemo;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.ConvolutionNorm;
import io.millrace.models.speech.network.FastConformerConfig;

/** Sizes of a network from a NeMo model configuration; what cache-aware streaming does not know is refused by key. */
public final class NemoNetwork {

    private final JsonNode model;

    private NemoNetwork(JsonNode model) {
        this.model = model;
    }

    /**
     * Reads a configuration.
     *
     * @param model the whole configuration: {@code preprocessor}, {@code encoder}, {@code decoder}, {@code joint}
     * @param vocabulary tokens without the blank
     * @throws IllegalArgumentException naming the key that is missing or asks for something else
     */
    public static FastConformerConfig network(JsonNode model, int vocabulary) {
        return new NemoNetwork(model).network(vocabulary);
    }

    private FastConformerConfig network(int vocabulary) {
        return new FastConformerConfig(
                number("encoder.feat_in"),
                null,
                number("encoder.n_layers"),
                number("encoder.d_model"),
                number("encoder.n_heads"),
                number("encoder.ff_expansion_factor"),
                number("encoder.subsampling_factor"),
                number("encoder.subsampling_conv_channels"),
                number("encoder.conv_kernel_size"),
                norm(),
                at("encoder.use_bias").asBoolean(true),
                at("encoder.xscaling").asBoolean(true),
                contexts(),
                vocabulary,
                number("decoder.prednet.pred_hidden"),
                number("decoder.prednet.pred_rnn_layers"),
                number("joint.jointnet.joint_hidden"),
                activation(),
                (float) at("encoder.dropout").asDouble(0),
                (float) at("joint.jointnet.dropout").asDouble(0));
    }

    private ConvolutionNorm norm() {
        String norm = at("encoder.conv_norm_type").asText("batch_norm");
        return switch (norm) {
            case "layer_norm" -> ConvolutionNorm.LAYER_NORM;
            case "batch_norm" -> ConvolutionNorm.BATCH_NORM;
            default -> throw new IllegalArgumentException("encoder.conv_norm_type " + norm + " is not known");
        };
    }

    private FastConformerConfig.JointActivation activation() {
        String activation = at("joint.jointnet.activation").asText("relu");
        return switch (activation) {
            case "relu" -> FastConformerConfig.JointActivation.RELU;
            case "sigmoid" -> FastConformerConfig.JointActivation.SIGMOID;
            case "tanh" -> FastConformerConfig.JointActivation.TANH;
            default -> throw new IllegalArgumentException("joint.jointnet.activation " + activation + " is not known");
        };
    }

    /** One pair or a list of pairs. */
    private List<AttentionContext> contexts() {
        JsonNode contexts = at("encoder.att_context_size");
        List<AttentionContext> list = new ArrayList<>();
        if (contexts.path(0).isArray()) {
            contexts.forEach(pair -> list.add(context(pair)));
        } else {
            list.add(context(contexts));
        }
        return list;
    }

    private static AttentionContext context(JsonNode pair) {
        if (pair.size() != 2 || pair.get(0).asInt(-1) < 0 || pair.get(1).asInt(-1) < 0) {
            throw new IllegalArgumentException("encoder.att_context_size needs pairs of frames, got " + pair);
        }
        return new AttentionContext(pair.get(0).asInt(), pair.get(1).asInt());
    }

    private JsonNode at(String key) {
        return model.at("/" + key.replace('.', '/'));
    }

    private int number(String key) {
        JsonNode value = at(key);
        if (!value.isInt()) {
            throw new IllegalArgumentException(
                    key + " must be a whole number, " + (value.isMissingNode() ? "is missing" : "got " + value));
        }
        return value.asInt();
    }
}
