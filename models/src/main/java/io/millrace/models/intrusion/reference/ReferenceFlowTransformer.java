package io.millrace.models.intrusion.reference;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.util.PairList;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.torch.ArrayCopy;

/**
 * FlowTransformer as the paper's own implementation computes it (Manocchio et al., arXiv 2304.14746), oddities included:
 * the encoder's second residual adds the attention's output instead of its norm's, both feed-forward layers end in a
 * ReLU, the decoder's two attentions share their weights and its last two norms too, and nothing is masked.
 *
 * <p>Input: numeric float [B, W, N] and ids int64 [B, W, C]. Output: probability [B] and logit [B]. Parameters are named
 * and shaped as in the reference's weights.
 */
public final class ReferenceFlowTransformer extends AbstractBlock {

    private final ReferenceConfig config;
    private final Map<String, Parameter> byName = new LinkedHashMap<>();

    /** A network without weights yet: call {@code initialize}, or {@link #load}. */
    public ReferenceFlowTransformer(ReferenceConfig config) {
        super((byte) 1);
        this.config = config;
        config.parameterShapes()
                .forEach((name, shape) -> byName.put(
                        name,
                        addParameter(Parameter.builder()
                                .setName(name)
                                .setType(type(name))
                                .optShape(shape)
                                .optInitializer(initializer(name))
                                .build())));
    }

    private static Parameter.Type type(String name) {
        return switch (name.substring(name.lastIndexOf('/') + 1)) {
            case "gamma" -> Parameter.Type.GAMMA;
            case "beta" -> Parameter.Type.BETA;
            case "bias" -> Parameter.Type.BIAS;
            default -> Parameter.Type.WEIGHT;
        };
    }

    private static Initializer initializer(String name) {
        return switch (type(name)) {
            case GAMMA -> Initializer.ONES;
            case WEIGHT -> new XavierInitializer();
            default -> Initializer.ZEROS;
        };
    }

    public ReferenceConfig config() {
        return config;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        return forward(store, inputs, training, new HashMap<>());
    }

    /**
     * Forward pass that also gives the outputs of the layers in between.
     *
     * @param trace filled with layer outputs by the reference's layer names
     */
    public NDList forward(ParameterStore store, NDList inputs, boolean training, Map<String, NDArray> trace) {
        NDArray numeric = inputs.get(0);
        Device device = numeric.getDevice();
        Map<String, NDArray> weights = new HashMap<>();
        byName.forEach((name, parameter) -> weights.put(name, store.getValue(parameter, device, training)));
        ReferenceLayers layers = new ReferenceLayers(weights, training);
        NDArray x = new InputEncoding(config, layers, trace).encode(numeric, inputs.size() > 1 ? inputs.get(1) : null);
        if (config.head() == ReferenceConfig.Head.CLS) {
            x = withClassRow(x, trace);
        }
        for (int i = 0; i < config.layers(); i++) {
            BlockNames names = new BlockNames(config, i);
            x = config.blocks().decoder() ? decoderBlock(layers, names, x) : encoderBlock(layers, names, x);
            trace.put(names.output(), x);
        }
        NDArray features = head(layers, x, trace);
        for (int i = 0; i < config.mlp().size(); i++) {
            features = layers.dense(config.mlpName(i), features)
                    .getNDArrayInternal()
                    .relu();
            trace.put(config.mlpName(i), features);
            features = layers.dropout(features, config.mlpDropout());
        }
        NDArray logit = layers.dense("binary_classification_out", features).squeeze(-1);
        return new NDList(logit.getNDArrayInternal().sigmoid(), logit);
    }

    private static NDArray withClassRow(NDArray x, Map<String, NDArray> trace) {
        long batch = x.getShape().get(0);
        long steps = x.getShape().get(1);
        NDManager manager = x.getManager();
        NDArray rows = x.concat(manager.zeros(new Shape(batch, 1, x.getShape().get(2))), 1);
        trace.put("cls_vertical", rows);
        NDArray flag = manager.zeros(new Shape(batch, steps, 1)).concat(manager.ones(new Shape(batch, 1, 1)), 1);
        NDArray flagged = rows.concat(flag, 2);
        trace.put("cls_horizontal", flagged);
        return flagged;
    }

    private NDArray encoderBlock(ReferenceLayers layers, BlockNames names, NDArray x) {
        NDArray attended = layers.dropout(attention(layers, names, x, x), config.dropout());
        NDArray z = layers.norm(names.attentionNorm(), x.add(attended));
        NDArray hidden =
                layers.dense(names.feedForwardIn(), z).getNDArrayInternal().relu();
        NDArray out = layers.dense(names.feedForwardOut(), hidden)
                .getNDArrayInternal()
                .relu();
        return layers.norm(names.feedForwardNorm(), attended.add(layers.dropout(out, config.dropout())));
    }

    private NDArray decoderBlock(ReferenceLayers layers, BlockNames names, NDArray x) {
        NDArray first = layers.norm(
                names.attentionNorm(), x.add(layers.dropout(attention(layers, names, x, x), config.dropout())));
        NDArray second = layers.norm(
                names.feedForwardNorm(),
                first.add(layers.dropout(attention(layers, names, first, x), config.dropout())));
        NDArray hidden =
                layers.dense(names.feedForwardIn(), second).getNDArrayInternal().relu();
        NDArray out = layers.dropout(layers.dense(names.feedForwardOut(), hidden), config.dropout());
        return layers.norm(names.feedForwardNorm(), second.add(out));
    }

    private NDArray attention(ReferenceLayers layers, BlockNames names, NDArray query, NDArray source) {
        return layers.multiHead(names.attention(), query, source, config.heads(), config.keyDim());
    }

    private NDArray head(ReferenceLayers layers, NDArray x, Map<String, NDArray> trace) {
        long batch = x.getShape().get(0);
        switch (config.head()) {
            case LAST_TOKEN:
            case CLS:
                NDArray last = x.get(":, -1");
                trace.put("slice_last", last);
                return last;
            case GLOBAL_AVERAGE_POOLING:
                NDArray mean = x.mean(new int[] {1});
                trace.put("global_avg_pooling_1d", mean);
                return mean;
            case FLATTEN:
                NDArray flat = x.reshape(batch, -1);
                trace.put("flatten", flat);
                return flat;
            default:
                NDArray each = layers.dense("featurewise_embed", x);
                trace.put("featurewise_embed", each);
                NDArray joined = each.reshape(batch, -1);
                trace.put("flatten", joined);
                return joined;
        }
    }

    /**
     * Sets every weight by name.
     *
     * @throws IllegalArgumentException if a weight is missing, unknown or of another shape
     */
    public void load(NDManager manager, Map<String, HostTensor> weights) {
        Set<String> unknown = new java.util.TreeSet<>(weights.keySet());
        unknown.removeAll(byName.keySet());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("weights that the network does not have: " + unknown);
        }
        if (!isInitialized()) {
            initialize(manager, DataType.FLOAT32, new Shape(1, config.window(), config.numeric()));
        }
        config.parameterShapes().forEach((name, shape) -> {
            HostTensor tensor = weights.get(name);
            if (tensor == null || !new Shape(tensor.shape()).equals(shape)) {
                throw new IllegalArgumentException("weight " + name + " must be " + shape + ", got " + tensor);
            }
            try (NDArray value = tensor.toArray(manager)) {
                ArrayCopy.into(byName.get(name).getArray(), value);
            }
        });
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0)), new Shape(inputs[0].get(0))};
    }
}
