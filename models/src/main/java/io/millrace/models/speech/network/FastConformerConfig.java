package io.millrace.models.speech.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Sizes of a {@link FastConformer}: cache-aware FastConformer with a CTC and a transducer (RNNT) head. Names of weights
 * and their shapes are those of NVIDIA NeMo's checkpoints.
 *
 * @param features mel bands, F
 * @param featureScaling what is done to features before anything else; null for nothing, as NeMo does
 * @param layers conformer layers
 * @param width width of the encoder, d
 * @param heads attention heads; d is a multiple of it
 * @param feedForwardExpansion hidden size of a feed-forward part over d
 * @param subsampling mel frames per encoder frame: 4 or 8
 * @param subsamplingChannels channels of the sub-sampling convolutions, C
 * @param kernel width of the causal depth-wise convolution
 * @param convolutionNorm what follows it
 * @param bias whether the layers' linear maps and convolutions have biases
 * @param scaleInput whether the sub-sampled input is multiplied by sqrt(d)
 * @param contexts attention contexts that one set of weights serves; the first is the default
 * @param vocabulary tokens, V; the blank is token V
 * @param predictionWidth width of the prediction network, H
 * @param predictionLayers its LSTM layers
 * @param jointWidth width of the joint network, J
 * @param jointActivation non-linearity of the joint network
 * @param dropout dropout of encoder while training
 * @param headDropout dropout of prediction and joint network while training
 */
public record FastConformerConfig(
        @JsonProperty(required = true) int features,
        @JsonInclude(JsonInclude.Include.NON_NULL) FeatureScaling featureScaling,
        @JsonProperty(required = true) int layers,
        @JsonProperty(required = true) int width,
        @JsonProperty(required = true) int heads,
        @JsonProperty(required = true) int feedForwardExpansion,
        @JsonProperty(required = true) int subsampling,
        @JsonProperty(required = true) int subsamplingChannels,
        @JsonProperty(required = true) int kernel,
        @JsonProperty(required = true) ConvolutionNorm convolutionNorm,
        @JsonProperty(required = true) boolean bias,
        @JsonProperty(required = true) boolean scaleInput,
        @JsonProperty(required = true) List<AttentionContext> contexts,
        @JsonProperty(required = true) int vocabulary,
        @JsonProperty(required = true) int predictionWidth,
        @JsonProperty(required = true) int predictionLayers,
        @JsonProperty(required = true) int jointWidth,
        @JsonProperty(required = true) JointActivation jointActivation,
        @JsonProperty(required = true) float dropout,
        @JsonProperty(required = true) float headDropout) {

    /**
     * Brings log-mel features near to mean 0 and deviation 1 without knowing the recording: (x + shift) / divisor. Frames
     * that pad are zero behind it.
     */
    public record FeatureScaling(
            @JsonProperty(required = true) float shift,
            @JsonProperty(required = true) float divisor) {

        public FeatureScaling {
            if (!Float.isFinite(shift) || !Float.isFinite(divisor) || divisor == 0) {
                throw new IllegalArgumentException(
                        "features are scaled by finite numbers, got shift " + shift + " and divisor " + divisor);
            }
        }
    }

    /** Non-linearity of the joint network. */
    public enum JointActivation {
        RELU,
        SIGMOID,
        TANH
    }

    /** Epsilon of every normalisation. */
    public static final float EPSILON = 1e-5f;

    public FastConformerConfig {
        contexts = List.copyOf(contexts);
        positive("features", features);
        positive("layers", layers);
        positive("width", width);
        positive("heads", heads);
        positive("feedForwardExpansion", feedForwardExpansion);
        positive("subsamplingChannels", subsamplingChannels);
        positive("kernel", kernel);
        positive("vocabulary", vocabulary);
        positive("predictionWidth", predictionWidth);
        positive("predictionLayers", predictionLayers);
        positive("jointWidth", jointWidth);
        if (width % heads != 0) {
            throw new IllegalArgumentException("width " + width + " is no multiple of " + heads + " heads");
        }
        if (subsampling != 4 && subsampling != 8) {
            throw new IllegalArgumentException("subsampling must be 4 or 8, got " + subsampling);
        }
        if (contexts.isEmpty()) {
            throw new IllegalArgumentException("an encoder needs an attention context");
        }
        if (dropout < 0 || dropout >= 1 || headDropout < 0 || headDropout >= 1) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got " + dropout + " and " + headDropout);
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }

    /** Token that stands for no token. */
    @JsonIgnore
    public int blank() {
        return vocabulary;
    }

    /** Size of a head's keys and values. */
    @JsonIgnore
    public int headWidth() {
        return width / heads;
    }

    /** Halvings of the sub-sampling. */
    @JsonIgnore
    public int stages() {
        return subsampling == 8 ? 3 : 2;
    }

    /** Encoder frames of so many mel frames. */
    public long encoderFrames(long melFrames) {
        long frames = melFrames;
        for (int stage = 0; stage < stages(); stage++) {
            frames = halved(frames);
        }
        return frames;
    }

    /** Frames, or bands, after one strided convolution: padded by two before and one behind. */
    static long halved(long frames) {
        return frames / 2 + 1;
    }

    /** The context with this look-ahead. */
    public AttentionContext context(int lookAhead) {
        return contexts.stream()
                .filter(context -> context.right() == lookAhead)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no look-ahead " + lookAhead + " in " + contexts));
    }

    /** Names and shapes of all weights that training changes. */
    public Map<String, Shape> parameterShapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        subsamplingShapes(shapes);
        for (int i = 0; i < layers; i++) {
            layerShapes(shapes, "encoder.layers." + i + ".");
        }
        headShapes(shapes);
        return shapes;
    }

    /** Names and shapes of the statistics that training gathers: those of batch normalisation. */
    public Map<String, Shape> statisticShapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (int i = 0; i < layers && convolutionNorm == ConvolutionNorm.BATCH_NORM; i++) {
            String norm = "encoder.layers." + i + ".conv.batch_norm.";
            shapes.put(norm + "running_mean", new Shape(width));
            shapes.put(norm + "running_var", new Shape(width));
        }
        return shapes;
    }

    private void subsamplingShapes(Map<String, Shape> shapes) {
        String conv = "encoder.pre_encode.conv.";
        int c = subsamplingChannels;
        weightAndBias(shapes, conv + "0", true, new Shape(c, 1, 3, 3));
        for (int stage = 1; stage < stages(); stage++) {
            weightAndBias(shapes, conv + (3 * stage - 1), true, new Shape(c, 1, 3, 3));
            weightAndBias(shapes, conv + 3 * stage, true, new Shape(c, c, 1, 1));
        }
        weightAndBias(shapes, "encoder.pre_encode.out", true, new Shape(width, c * encoderFrames(features)));
    }

    private void layerShapes(Map<String, Shape> shapes, String layer) {
        int d = width;
        int hidden = feedForwardExpansion * d;
        for (String part : List.of("feed_forward1", "self_att", "conv", "feed_forward2")) {
            weightAndBias(shapes, layer + "norm_" + part, true, new Shape(d));
        }
        weightAndBias(shapes, layer + "norm_out", true, new Shape(d));
        for (String part : List.of("feed_forward1", "feed_forward2")) {
            weightAndBias(shapes, layer + part + ".linear1", bias, new Shape(hidden, d));
            weightAndBias(shapes, layer + part + ".linear2", bias, new Shape(d, hidden));
        }
        for (String part : List.of("q", "k", "v", "out")) {
            weightAndBias(shapes, layer + "self_attn.linear_" + part, bias, new Shape(d, d));
        }
        shapes.put(layer + "self_attn.linear_pos.weight", new Shape(d, d));
        shapes.put(layer + "self_attn.pos_bias_u", new Shape(heads, headWidth()));
        shapes.put(layer + "self_attn.pos_bias_v", new Shape(heads, headWidth()));
        weightAndBias(shapes, layer + "conv.pointwise_conv1", bias, new Shape(2L * d, d, 1));
        weightAndBias(shapes, layer + "conv.depthwise_conv", bias, new Shape(d, 1, kernel));
        weightAndBias(shapes, layer + "conv.batch_norm", true, new Shape(d));
        weightAndBias(shapes, layer + "conv.pointwise_conv2", bias, new Shape(d, d, 1));
    }

    private void headShapes(Map<String, Shape> shapes) {
        int h = predictionWidth;
        int classes = vocabulary + 1;
        shapes.put("decoder.prediction.embed.weight", new Shape(classes, h));
        for (int layer = 0; layer < predictionLayers; layer++) {
            String lstm = "decoder.prediction.dec_rnn.lstm.";
            shapes.put(lstm + "weight_ih_l" + layer, new Shape(4L * h, h));
            shapes.put(lstm + "weight_hh_l" + layer, new Shape(4L * h, h));
            shapes.put(lstm + "bias_ih_l" + layer, new Shape(4L * h));
            shapes.put(lstm + "bias_hh_l" + layer, new Shape(4L * h));
        }
        weightAndBias(shapes, "joint.pred", true, new Shape(jointWidth, h));
        weightAndBias(shapes, "joint.enc", true, new Shape(jointWidth, width));
        weightAndBias(shapes, "joint.joint_net.2", true, new Shape(classes, jointWidth));
        weightAndBias(shapes, "ctc_decoder.decoder_layers.0", true, new Shape(classes, width, 1));
    }

    private static void weightAndBias(Map<String, Shape> shapes, String name, boolean bias, Shape weight) {
        shapes.put(name + ".weight", weight);
        if (bias) {
            shapes.put(name + ".bias", new Shape(weight.get(0)));
        }
    }

    /** Number of weights that training changes. */
    @JsonIgnore
    public long parameterCount() {
        return parameterShapes().values().stream().mapToLong(Shape::size).sum();
    }
}
