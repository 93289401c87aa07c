package io.millrace.models.speech.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import io.millrace.models.torch.Scalars;

/**
 * Cache-aware FastConformer with its CTC and transducer heads: Noroozi et al., "Stateful Conformer with Cache-based
 * Inference for Streaming Automatic Speech Recognition" (arXiv 2312.17279). The pass over whole sequences, which trains,
 * and the step over chunks, which streams, are the same layers with other masks.
 *
 * <p>Weights are arrays by NeMo's names; every array made belongs to the manager of the input.
 */
public final class FastConformer {

    private static final String LSTM = "decoder.prediction.dec_rnn.lstm.";

    private final FastConformerConfig config;
    private final ConformerLayers layers;
    private final ConformerLayers headLayers;
    private final Subsampling subsampling;
    private final List<ConformerLayer> conformer = new ArrayList<>();

    /**
     * A network over weights that the caller keeps open.
     *
     * @param weights arrays named and shaped as {@link FastConformerConfig#parameterShapes()} and {@link
     *     FastConformerConfig#statisticShapes()} say
     * @param content what the caches of {@link #step} hold
     * @param training whether activations are dropped
     */
    public FastConformer(
            FastConformerConfig config, Map<String, NDArray> weights, CacheContent content, boolean training) {
        this(config, weights, content, training, null);
    }

    /**
     * The same.
     *
     * @param trace is told intermediate results by name: {@code pre_encode} [B, T, d], {@code pos_emb} [P, d], {@code
     *     att_mask} [B, 1, T, C + T], {@code pad_mask} [B, T, 1] and what each part of a layer adds
     */
    public FastConformer(
            FastConformerConfig config,
            Map<String, NDArray> weights,
            CacheContent content,
            boolean training,
            BiConsumer<String, NDArray> trace) {
        this.config = config;
        this.layers = new ConformerLayers(weights, training ? config.dropout() : 0, trace);
        this.headLayers = new ConformerLayers(weights, training ? config.headDropout() : 0, null);
        this.subsampling = new Subsampling(config, layers);
        for (int i = 0; i < config.layers(); i++) {
            conformer.add(new ConformerLayer(config, layers, i, content));
        }
    }

    /**
     * Encoder frames.
     *
     * @param frames float [B, T', d]; padding is not meaningful
     * @param lengths frames of each item that are no padding
     */
    public record Encoded(NDArray frames, long[] lengths) {}

    /**
     * Caches of a batch of streams before a chunk.
     *
     * @param layers one a layer
     * @param filled for each stream, frames of the attention caches that hold something
     */
    public record Caches(List<LayerCache> layers, long[] filled) {

        /** Empty caches. */
        public static Caches empty(
                FastConformerConfig config,
                AttentionContext context,
                CacheContent content,
                NDManager manager,
                int streams) {
            long past = config.width() * (content == CacheContent.PROJECTIONS ? 2L : 1);
            List<LayerCache> layers = new ArrayList<>();
            for (int i = 0; i < config.layers(); i++) {
                layers.add(new LayerCache(
                        manager.zeros(new Shape(streams, context.left(), past)),
                        manager.zeros(new Shape(streams, config.width(), config.kernel() - 1L))));
            }
            return new Caches(layers, new long[streams]);
        }
    }

    /** Result of a step. */
    public record Step(Encoded encoded, Caches caches) {}

    /**
     * Encodes whole sequences.
     *
     * @param mel float [B, T, F]
     * @param lengths mel frames of each item
     */
    public Encoded encode(NDArray mel, long[] lengths, AttentionContext context) {
        Encoded fresh = subsampled(mel, lengths, 0);
        NDArray x = fresh.frames();
        ConformerLayer.Surroundings around = surroundings(x, context, 0, null, fresh.lengths());
        for (ConformerLayer layer : conformer) {
            x = layer.apply(x, around, null).output();
        }
        return new Encoded(x, fresh.lengths());
    }

    /**
     * Encodes one chunk of each of several streams.
     *
     * @param mel float [B, T, F]: some mel frames before the chunk, then the chunk
     * @param lengths mel frames of each stream that are no padding, those before the chunk included
     * @param drop encoder frames that the frames before the chunk make, to be left out
     */
    public Step step(NDArray mel, long[] lengths, int drop, AttentionContext context, Caches before) {
        Encoded fresh = subsampled(mel, lengths, drop);
        NDArray x = fresh.frames();
        ConformerLayer.Surroundings around = surroundings(x, context, context.left(), before.filled(), fresh.lengths());
        List<LayerCache> after = new ArrayList<>();
        for (int i = 0; i < conformer.size(); i++) {
            ConformerLayer.Result result =
                    conformer.get(i).apply(x, around, before.layers().get(i));
            x = result.output();
            after.add(result.cache());
        }
        long[] filled = before.filled().clone();
        for (int b = 0; b < filled.length; b++) {
            filled[b] = Math.min(context.left(), filled[b] + x.getShape().get(1));
        }
        return new Step(new Encoded(x, fresh.lengths()), new Caches(after, filled));
    }

    /** Input of the first layer without its first {@code drop} frames. */
    Encoded subsampled(NDArray mel, long[] lengths, int drop) {
        NDArray x = layers.traced("pre_encode", subsampling.apply(scaled(mel), lengths));
        x = layers.dropout(config.scaleInput() ? Scalars.times(x, Math.sqrt(config.width())) : x);
        x = drop > 0 ? x.get(":, " + drop + ":") : x;
        long steps = x.getShape().get(1);
        long[] valid = new long[lengths.length];
        for (int b = 0; b < valid.length; b++) {
            valid[b] = Math.min(steps, Math.max(0, config.encoderFrames(lengths[b]) - drop));
        }
        return new Encoded(x, valid);
    }

    private NDArray scaled(NDArray mel) {
        FastConformerConfig.FeatureScaling scaling = config.featureScaling();
        return scaling == null ? mel : mel.add(scaling.shift()).div(scaling.divisor());
    }

    private ConformerLayer.Surroundings surroundings(
            NDArray x, AttentionContext context, int cached, long[] filled, long[] valid) {
        NDManager manager = x.getManager();
        long steps = x.getShape().get(1);
        return new ConformerLayer.Surroundings(
                layers.traced("att_mask", AttentionMask.hidden(manager, context, cached, filled, valid, steps)),
                layers.traced(
                        "pad_mask", ConformerLayers.valid(manager, valid, steps).expandDims(2)),
                layers.traced("pos_emb", RelativePositions.table(manager, steps, cached + steps, config.width())));
    }

    /** Logits of the CTC head: [B, T, d] to [B, T, V + 1]. */
    public NDArray ctcLogits(NDArray encoded) {
        return headLayers.pointwise("ctc_decoder.decoder_layers.0", encoded);
    }

    /**
     * State of the prediction network.
     *
     * @param hidden h of each LSTM layer, [layers, B, H]
     * @param cell c of each LSTM layer, [layers, B, H]
     */
    public record PredictionState(NDArray hidden, NDArray cell) {}

    /** The state at the start of an utterance. */
    public PredictionState startOfUtterance(NDManager manager, long batch) {
        Shape shape = new Shape(config.predictionLayers(), batch, config.predictionWidth());
        return new PredictionState(manager.zeros(shape), manager.zeros(shape));
    }

    /** One token further: output [B, H] and the state after it. The blank stands for the start of an utterance. */
    public record Prediction(NDArray output, PredictionState state) {}

    /** Feeds a token of each item, int64 [B], to the prediction network. */
    public Prediction predict(NDArray tokens, PredictionState state) {
        NDArray x = embed(tokens);
        NDList hidden = new NDList();
        NDList cell = new NDList();
        for (int layer = 0; layer < config.predictionLayers(); layer++) {
            NDArray gates = layers.linearOf(x, LSTM + "weight_ih_l" + layer, LSTM + "bias_ih_l" + layer)
                    .add(layers.linearOf(
                            state.hidden().get(layer), LSTM + "weight_hh_l" + layer, LSTM + "bias_hh_l" + layer));
            NDList parts = gates.split(4, 1);
            NDArray c = sigmoid(parts.get(1))
                    .mul(state.cell().get(layer))
                    .add(sigmoid(parts.get(0)).mul(parts.get(2).tanh()));
            x = sigmoid(parts.get(3)).mul(c.tanh());
            hidden.add(x);
            cell.add(c);
        }
        return new Prediction(x, new PredictionState(NDArrays.stack(hidden), NDArrays.stack(cell)));
    }

    /** Outputs of the prediction network before each token and after the last: int64 [B, U] to [B, U + 1, H]. */
    public NDArray predictAll(NDArray tokens) {
        long batch = tokens.getShape().get(0);
        PredictionState state = startOfUtterance(tokens.getManager(), batch);
        NDArray start = tokens.getManager().full(new Shape(batch), config.blank(), DataType.INT64);
        NDList outputs = new NDList();
        for (long u = 0; u <= tokens.getShape().get(1); u++) {
            Prediction next = predict(u == 0 ? start : tokens.get(":, " + (u - 1)), state);
            outputs.add(headLayers.dropout(next.output()));
            state = next.state();
        }
        return NDArrays.stack(outputs, 1);
    }

    /** The embedding of the blank is zero, whatever the table holds. */
    private NDArray embed(NDArray tokens) {
        NDArray real =
                tokens.neq(config.blank()).toType(DataType.FLOAT32, false).expandDims(1);
        return Embedding.embedding(tokens, layers.weight("decoder.prediction.embed.weight"), SparseFormat.DENSE)
                .singletonOrThrow()
                .mul(real);
    }

    private static NDArray sigmoid(NDArray x) {
        return x.getNDArrayInternal().sigmoid();
    }

    /** Encoder frames as the joint network takes them: [..., d] to [..., J]. */
    public NDArray jointEncoded(NDArray encoded) {
        return headLayers.linear("joint.enc", encoded);
    }

    /** Predictions as the joint network takes them: [..., H] to [..., J]. */
    public NDArray jointPredicted(NDArray predicted) {
        return headLayers.linear("joint.pred", predicted);
    }

    /** Logits of the joint network of what {@link #jointEncoded} and {@link #jointPredicted} gave: [..., V + 1]. */
    public NDArray jointLogits(NDArray encoded, NDArray predicted) {
        NDArray sum = encoded.add(predicted);
        NDArray active =
                switch (config.jointActivation()) {
                    case RELU -> Activation.relu(sum);
                    case SIGMOID -> sigmoid(sum);
                    case TANH -> sum.tanh();
                };
        return headLayers.linear("joint.joint_net.2", headLayers.dropout(active));
    }
}
