package io.millrace.models.intrusion.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Sizes of a {@link CausalFlowTransformer}.
 *
 * @param numeric number of numeric fields, N
 * @param levels known levels of each categorical field, L; ids run 0..L
 * @param encoding how a flow becomes a vector
 * @param embeddingDim width of one categorical field's embedding, used by {@link Encoding#FIELD_EMBEDDING}
 * @param width width of the network, d
 * @param layers attention layers
 * @param heads attention heads
 * @param headDim key and value size of a head
 * @param feedForward hidden size of the feed-forward part
 * @param window flows that a flow attends to, itself included, W
 * @param dropout dropout while training, 0..1
 * @param kinds attack kinds, K; 0 for none
 * @param mlpWidth width of the classifier's hidden layer, which is also the embedding
 * @param ageBias whether each head learns a bias per age of a flow
 * @param preNorm normalise before attention and feed-forward (trains well) rather than after
 * @param activation non-linearity
 */
public record CausalFlowConfig(
        @JsonProperty(required = true) int numeric,
        @JsonProperty(required = true) List<Integer> levels,
        @JsonProperty(required = true) Encoding encoding,
        @JsonProperty(required = true) int embeddingDim,
        @JsonProperty(required = true) int width,
        @JsonProperty(required = true) int layers,
        @JsonProperty(required = true) int heads,
        @JsonProperty(required = true) int headDim,
        @JsonProperty(required = true) int feedForward,
        @JsonProperty(required = true) int window,
        @JsonProperty(required = true) float dropout,
        @JsonProperty(required = true) int kinds,
        @JsonProperty(required = true) int mlpWidth,
        @JsonProperty(required = true) boolean ageBias,
        @JsonProperty(required = true) boolean preNorm,
        @JsonProperty(required = true) Activation activation) {

    /** How a flow becomes a vector of width d. */
    public enum Encoding {
        /** One dense layer over numeric fields and one-hot levels. */
        RECORD_DENSE,
        /** An embedding for each categorical field, then one dense layer over numeric fields and embeddings. */
        FIELD_EMBEDDING
    }

    /** Non-linearity of feed-forward part and classifier. */
    public enum Activation {
        GELU,
        RELU
    }

    /** Epsilon of every layer normalisation. */
    public static final float EPSILON = 1e-5f;

    public CausalFlowConfig {
        levels = List.copyOf(levels);
        positive("width", width);
        positive("layers", layers);
        positive("heads", heads);
        positive("headDim", headDim);
        positive("feedForward", feedForward);
        positive("window", window);
        positive("mlpWidth", mlpWidth);
        positive("embeddingDim", embeddingDim);
        levels.forEach(level -> positive("levels", level));
        if (numeric < 0 || numeric + levels.size() == 0) {
            throw new IllegalArgumentException("a flow needs at least one field");
        }
        if (kinds < 0 || dropout < 0 || dropout >= 1) {
            throw new IllegalArgumentException(
                    "kinds must be >= 0 and dropout in [0, 1), got " + kinds + ", " + dropout);
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }

    /** Two layers of width 64, four heads of 16, window 16: the size of the default model. */
    public static CausalFlowConfig standard(int numeric, List<Integer> levels, int kinds) {
        return new CausalFlowConfig(
                numeric,
                levels,
                Encoding.FIELD_EMBEDDING,
                8,
                64,
                2,
                4,
                16,
                128,
                16,
                0.1f,
                kinds,
                64,
                true,
                true,
                Activation.GELU);
    }

    /** Number of categorical fields, C. */
    @JsonIgnore
    public int categorical() {
        return levels.size();
    }

    /** Width of all heads together. */
    @JsonIgnore
    public int attentionWidth() {
        return heads * headDim;
    }

    /** Rows of the table that holds the embeddings of all categorical fields, unseen levels included. */
    @JsonIgnore
    public int tableRows() {
        return levels.stream().mapToInt(level -> level + 1).sum();
    }

    /** First row of each categorical field in that table. */
    @JsonIgnore
    public long[] tableOffsets() {
        long[] offsets = new long[levels.size()];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = offsets[i - 1] + levels.get(i - 1) + 1;
        }
        return offsets;
    }

    /** Shape of every parameter by name, in a fixed order. Linear weights are [out, in]. */
    @JsonIgnore
    public Map<String, Shape> parameterShapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        if (encoding == Encoding.FIELD_EMBEDDING) {
            if (!levels.isEmpty()) {
                shapes.put("encoding.table", new Shape(tableRows(), embeddingDim));
            }
            linear(shapes, "encoding", numeric + levels.size() * embeddingDim, width);
        } else {
            if (!levels.isEmpty()) {
                shapes.put("encoding.table", new Shape(tableRows(), width));
            }
            linear(shapes, "encoding", numeric, width);
        }
        for (int i = 0; i < layers; i++) {
            String layer = "layers." + i + ".";
            norm(shapes, layer + "attention_norm");
            linear(shapes, layer + "qkv", width, 3 * attentionWidth());
            if (ageBias) {
                shapes.put(layer + "age_bias", new Shape(window, heads));
            }
            linear(shapes, layer + "attention_out", attentionWidth(), width);
            norm(shapes, layer + "feed_forward_norm");
            linear(shapes, layer + "feed_forward_in", width, feedForward);
            linear(shapes, layer + "feed_forward_out", feedForward, width);
        }
        if (preNorm) {
            norm(shapes, "final_norm");
        }
        linear(shapes, "classifier", width, mlpWidth);
        linear(shapes, "output", mlpWidth, 1 + kinds);
        return shapes;
    }

    private static void linear(Map<String, Shape> shapes, String name, int in, int out) {
        if (in > 0) {
            shapes.put(name + ".weight", new Shape(out, in));
        }
        shapes.put(name + ".bias", new Shape(out));
    }

    private void norm(Map<String, Shape> shapes, String name) {
        shapes.put(name + ".gamma", new Shape(width));
        shapes.put(name + ".beta", new Shape(width));
    }

    /** Number of trained values. */
    @JsonIgnore
    public long parameterCount() {
        return parameterShapes().values().stream().mapToLong(Shape::size).sum();
    }
}
