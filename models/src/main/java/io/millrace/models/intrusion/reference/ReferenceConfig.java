package io.millrace.models.intrusion.reference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.types.Shape;

/**
 * One combination of the FlowTransformer paper: input encoding, blocks, head and sizes.
 *
 * @param numeric number of numeric fields, N
 * @param categoricalNames names of the categorical fields, C of them
 * @param levels known levels of each categorical field; ids run 0..L, 0 for unseen
 * @param window flows in a window, W
 * @param encoding input encoding
 * @param encodingDim width of a record's or a field's encoding; not used by {@link Encoding#NONE}
 * @param blocks transformer blocks
 * @param layers number of blocks
 * @param internalSize hidden size of the feed-forward part, and key size per head of encoder blocks
 * @param heads attention heads
 * @param convolution feed-forward part written as convolutions of width one: the same arithmetic, other weight shapes
 * @param head classification head
 * @param mlp sizes of the classifier's hidden layers
 * @param dropout dropout inside the blocks
 * @param mlpDropout dropout after each hidden layer of the classifier
 */
public record ReferenceConfig(
        int numeric,
        List<String> categoricalNames,
        List<Integer> levels,
        int window,
        Encoding encoding,
        int encodingDim,
        Blocks blocks,
        int layers,
        int internalSize,
        int heads,
        boolean convolution,
        Head head,
        List<Integer> mlp,
        float dropout,
        float mlpDropout) {

    /** Epsilon of every layer normalisation. */
    public static final float EPSILON = 1e-6f;

    /** Input encodings of the paper. */
    public enum Encoding {
        /** Numeric fields and one-hot levels as they are. */
        NONE(false),
        /** One dense layer over the record. */
        RECORD_DENSE(true),
        /** As {@link #RECORD_DENSE}, without bias. */
        RECORD_PROJECTION(false),
        /** A dense layer for each categorical field. */
        FIELD_DENSE(true),
        /** As {@link #FIELD_DENSE}, without bias. */
        FIELD_PROJECTION(false),
        /** An embedding table for each categorical field. */
        FIELD_LOOKUP(false);

        private final boolean bias;

        Encoding(boolean bias) {
            this.bias = bias;
        }

        boolean perRecord() {
            return this == RECORD_DENSE || this == RECORD_PROJECTION;
        }

        boolean perField() {
            return this == FIELD_DENSE || this == FIELD_PROJECTION;
        }
    }

    /** Kinds of transformer block. BERT stacks encoder blocks, GPT decoder blocks. */
    public enum Blocks {
        ENCODER,
        DECODER,
        GPT,
        BERT;

        boolean decoder() {
            return this == DECODER || this == GPT;
        }
    }

    /** Ways from a window of vectors to one. */
    public enum Head {
        LAST_TOKEN,
        FLATTEN,
        GLOBAL_AVERAGE_POOLING,
        /** An all-zero row, marked by one extra feature, is appended and read back. */
        CLS,
        FEATUREWISE_DENSE,
        FEATUREWISE_PROJECTION
    }

    public ReferenceConfig {
        categoricalNames = List.copyOf(categoricalNames);
        levels = List.copyOf(levels);
        mlp = List.copyOf(mlp);
        if (categoricalNames.size() != levels.size()) {
            throw new IllegalArgumentException(
                    categoricalNames.size() + " categorical names for " + levels.size() + " level counts");
        }
        if (numeric < 0 || window < 1 || layers < 1 || internalSize < 1 || heads < 1) {
            throw new IllegalArgumentException("sizes of a FlowTransformer must be positive");
        }
        if (encoding != Encoding.NONE && encodingDim < 1) {
            throw new IllegalArgumentException("encoding " + encoding + " needs a width");
        }
    }

    /** Width of the numeric fields and all one-hot levels side by side. */
    public int oneHotWidth() {
        return numeric + levels.stream().mapToInt(Integer::intValue).sum();
    }

    /** Width of the blocks, d. */
    public int width() {
        int encoded =
                switch (encoding) {
                    case NONE -> oneHotWidth();
                    case RECORD_DENSE, RECORD_PROJECTION -> encodingDim;
                    default -> numeric + levels.size() * encodingDim;
                };
        return encoded + (head == Head.CLS ? 1 : 0);
    }

    /** Key size per head. */
    public int keyDim() {
        return blocks.decoder() ? width() : internalSize;
    }

    /** Name of a block. */
    String block(int index) {
        if (blocks.decoder()) {
            return numbered("transformer_decoder_block", index) + "/";
        }
        return "block_" + index + "_transformer_encoder/";
    }

    static String numbered(String base, int index) {
        return index == 0 ? base : base + "_" + index;
    }

    /** Shape of every parameter by its name in the reference's weights, in order. Dense kernels are [in, out]. */
    public Map<String, Shape> parameterShapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (int i = 0; i < levels.size(); i++) {
            if (encoding.perField()) {
                dense(shapes, "embed_" + categoricalNames.get(i), levels.get(i), encodingDim, encoding.bias);
            } else if (encoding == Encoding.FIELD_LOOKUP) {
                shapes.put(numbered("embedding", i) + "/embeddings", new Shape(levels.get(i) + 1L, encodingDim));
            }
        }
        if (encoding.perRecord()) {
            dense(shapes, "embed", oneHotWidth(), encodingDim, encoding.bias);
        }
        for (int i = 0; i < layers; i++) {
            BlockNames names = new BlockNames(this, i);
            attention(shapes, names.attention());
            norm(shapes, names.attentionNorm());
            feedForward(shapes, names.feedForwardIn(), width(), internalSize);
            feedForward(shapes, names.feedForwardOut(), internalSize, width());
            norm(shapes, names.feedForwardNorm());
        }
        int features = width();
        if (head == Head.FEATUREWISE_DENSE || head == Head.FEATUREWISE_PROJECTION) {
            dense(shapes, "featurewise_embed", width(), 1, head == Head.FEATUREWISE_DENSE);
            features = window;
        } else if (head == Head.FLATTEN) {
            features = window * width();
        }
        for (int i = 0; i < mlp.size(); i++) {
            dense(shapes, mlpName(i), features, mlp.get(i), true);
            features = mlp.get(i);
        }
        dense(shapes, "binary_classification_out", features, 1, true);
        return shapes;
    }

    String mlpName(int index) {
        return "classification_mlp_" + index + "_" + mlp.get(index);
    }

    private static void dense(Map<String, Shape> shapes, String name, int in, int out, boolean bias) {
        shapes.put(name + "/kernel", new Shape(in, out));
        if (bias) {
            shapes.put(name + "/bias", new Shape(out));
        }
    }

    private void feedForward(Map<String, Shape> shapes, String name, int in, int out) {
        boolean three = convolution && !blocks.decoder();
        shapes.put(name + "/kernel", three ? new Shape(1, in, out) : new Shape(in, out));
        shapes.put(name + "/bias", new Shape(out));
    }

    private void attention(Map<String, Shape> shapes, String name) {
        for (String part : List.of("query", "key", "value")) {
            shapes.put(name + "/" + part + "/kernel", new Shape(width(), heads, keyDim()));
            shapes.put(name + "/" + part + "/bias", new Shape(heads, keyDim()));
        }
        shapes.put(name + "/attention_output/kernel", new Shape(heads, keyDim(), width()));
        shapes.put(name + "/attention_output/bias", new Shape(width()));
    }

    private void norm(Map<String, Shape> shapes, String name) {
        shapes.put(name + "/gamma", new Shape(width()));
        shapes.put(name + "/beta", new Shape(width()));
    }

    /** Number of trained values. */
    public long parameterCount() {
        return parameterShapes().values().stream().mapToLong(Shape::size).sum();
    }
}
