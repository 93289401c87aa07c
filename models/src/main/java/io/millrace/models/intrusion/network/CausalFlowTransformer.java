package io.millrace.models.intrusion.network;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.util.PairList;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.torch.ArrayCopy;
import io.millrace.models.torch.Scalars;

/**
 * FlowTransformer made causal: every flow of a sequence attends to itself and the W-1 flows before it, so that one pass
 * over a sequence trains what {@link CausalFlowModel} does flow by flow.
 *
 * <p>Input: numeric float [B, T, N], ids int64 [B, T, C] (absent where C is 0) and optionally a float mask [B, T], 1 for
 * a flow and 0 for padding. Output: logit [B, T], kind logits [B, T, K], embedding [B, T, mlp width].
 *
 * <p>Follows Manocchio et al., FlowTransformer (arXiv 2304.14746), except for the causal window, the learned bias per
 * age, and one pair of norms and one residual per part as in GPT-2.
 */
public final class CausalFlowTransformer extends AbstractBlock {

    private static final float MASKED = -1e9f;

    private final CausalFlowConfig config;
    private final Map<String, Parameter> byName = new LinkedHashMap<>();

    /** A network without weights yet: call {@code initialize}, or {@link #load}. */
    public CausalFlowTransformer(CausalFlowConfig config) {
        super((byte) 1);
        this.config = config;
        config.parameterShapes().forEach((name, shape) -> {
            Parameter parameter = Parameter.builder()
                    .setName(name)
                    .setType(type(name))
                    .optShape(shape)
                    .optInitializer(initializer(name))
                    .build();
            byName.put(name, addParameter(parameter));
        });
    }

    private static Parameter.Type type(String name) {
        if (name.endsWith(".gamma")) {
            return Parameter.Type.GAMMA;
        }
        if (name.endsWith(".beta")) {
            return Parameter.Type.BETA;
        }
        return name.endsWith(".bias") ? Parameter.Type.BIAS : Parameter.Type.WEIGHT;
    }

    private static Initializer initializer(String name) {
        if (name.endsWith(".gamma")) {
            return Initializer.ONES;
        }
        if (name.endsWith(".table")) {
            return new NormalInitializer(0.1f);
        }
        return name.endsWith(".weight") ? new XavierInitializer() : Initializer.ZEROS;
    }

    public CausalFlowConfig config() {
        return config;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray numeric = inputs.get(0);
        Pass pass = new Pass(store, numeric.getDevice(), training);
        boolean withIds = config.categorical() > 0;
        int maskAt = withIds ? 2 : 1;
        NDArray mask = inputs.size() > maskAt ? inputs.get(maskAt) : null;
        NDArray x = encode(pass, numeric, withIds ? inputs.get(1) : null);
        long steps = x.getShape().get(1);
        NDArray ages = ages(x.getManager(), steps);
        NDArray allowed = windowMask(x.getManager(), steps);
        if (mask != null) {
            allowed = allowed.add(mask.sub(1).mul(-MASKED).reshape(-1, 1, 1, steps));
        }
        for (int i = 0; i < config.layers(); i++) {
            String layer = "layers." + i + ".";
            x = config.preNorm()
                    ? x.add(attend(pass, layer, pass.norm(layer + "attention_norm", x), allowed, ages))
                    : pass.norm(layer + "attention_norm", x.add(attend(pass, layer, x, allowed, ages)));
            x = config.preNorm()
                    ? x.add(feedForward(pass, layer, pass.norm(layer + "feed_forward_norm", x)))
                    : pass.norm(layer + "feed_forward_norm", x.add(feedForward(pass, layer, x)));
        }
        if (config.preNorm()) {
            x = pass.norm("final_norm", x);
        }
        NDArray embedding = activate(pass.linear("classifier", x));
        NDArray output = pass.linear("output", pass.dropout(embedding));
        return new NDList(output.get("..., 0"), output.get("..., 1:"), embedding);
    }

    private NDArray encode(Pass pass, NDArray numeric, NDArray ids) {
        if (ids == null) {
            return pass.linear("encoding", numeric);
        }
        NDArray rows = ids.add(ids.getManager().create(config.tableOffsets()));
        NDArray table = pass.value("encoding.table");
        NDArray embedded = lookUp(rows, table);
        if (config.encoding() == CausalFlowConfig.Encoding.RECORD_DENSE) {
            NDArray sum = embedded.sum(new int[] {2});
            return config.numeric() > 0
                    ? sum.add(pass.linear("encoding", numeric))
                    : sum.add(pass.value("encoding.bias"));
        }
        Shape flows = numeric.getShape();
        NDArray fields = embedded.reshape(flows.get(0), flows.get(1), -1);
        return pass.linear("encoding", config.numeric() > 0 ? numeric.concat(fields, 2) : fields);
    }

    private static NDArray lookUp(NDArray rows, NDArray table) {
        return ai.djl.nn.core.Embedding.embedding(rows, table, ai.djl.ndarray.types.SparseFormat.DENSE)
                .singletonOrThrow();
    }

    private NDArray attend(Pass pass, String layer, NDArray x, NDArray allowed, NDArray ages) {
        long batch = x.getShape().get(0);
        long steps = x.getShape().get(1);
        int h = config.heads();
        int k = config.headDim();
        NDList parts = pass.linear(layer + "qkv", x)
                .reshape(batch, steps, 3, h, k)
                .transpose(2, 0, 3, 1, 4)
                .split(3, 0);
        NDArray q = Scalars.times(parts.get(0).squeeze(0), 1 / Math.sqrt(k));
        NDArray scores = q.matMul(parts.get(1).squeeze(0).transpose(0, 1, 3, 2)).add(allowed);
        if (config.ageBias()) {
            scores = scores.add(lookUp(ages, pass.value(layer + "age_bias")).transpose(2, 0, 1));
        }
        NDArray mixed = scores.softmax(-1)
                .matMul(parts.get(2).squeeze(0))
                .transpose(0, 2, 1, 3)
                .reshape(batch, steps, (long) h * k);
        return pass.dropout(pass.linear(layer + "attention_out", mixed));
    }

    private NDArray feedForward(Pass pass, String layer, NDArray x) {
        NDArray hidden = activate(pass.linear(layer + "feed_forward_in", x));
        return pass.dropout(pass.linear(layer + "feed_forward_out", hidden));
    }

    private NDArray activate(NDArray x) {
        return config.activation() == CausalFlowConfig.Activation.GELU ? Activation.gelu(x) : Activation.relu(x);
    }

    /** Age of flow j for flow i, clamped to the window: int64 [T, T]. */
    private NDArray ages(NDManager manager, long steps) {
        int t = Math.toIntExact(steps);
        long[] ages = new long[t * t];
        for (int i = 0; i < t; i++) {
            for (int j = 0; j < t; j++) {
                ages[i * t + j] = Math.min(Math.max(i - j, 0), config.window() - 1);
            }
        }
        return manager.create(ages, new Shape(t, t));
    }

    /** Zero where flow i may attend to flow j, very negative elsewhere: [T, T]. */
    private NDArray windowMask(NDManager manager, long steps) {
        int t = Math.toIntExact(steps);
        float[] mask = new float[t * t];
        for (int i = 0; i < t; i++) {
            for (int j = 0; j < t; j++) {
                mask[i * t + j] = j <= i && i - j < config.window() ? 0 : MASKED;
            }
        }
        return manager.create(mask, new Shape(t, t));
    }

    /**
     * Sets every weight by name.
     *
     * @param manager manager that the weights belong to
     * @throws IllegalArgumentException if a weight is missing, unknown or of another shape
     */
    public void load(NDManager manager, Map<String, HostTensor> weights) {
        CausalFlowWeights.check(config, weights);
        if (!isInitialized()) {
            initialize(manager, DataType.FLOAT32, inputShapes(1, 1));
        }
        weights.forEach((name, tensor) -> {
            try (NDArray value = tensor.toArray(manager)) {
                ArrayCopy.into(byName.get(name).getArray(), value);
            }
        });
    }

    /** Copies every weight by name. */
    public Map<String, HostTensor> weights() {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        byName.forEach((name, parameter) -> weights.put(name, HostTensor.of(parameter.getArray())));
        return weights;
    }

    /** Shapes of the inputs for a batch of sequences. */
    public Shape[] inputShapes(long batch, long steps) {
        Shape numeric = new Shape(batch, steps, config.numeric());
        return config.categorical() > 0
                ? new Shape[] {numeric, new Shape(batch, steps, config.categorical())}
                : new Shape[] {numeric};
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        long batch = inputs[0].get(0);
        long steps = inputs[0].get(1);
        return new Shape[] {
            new Shape(batch, steps), new Shape(batch, steps, config.kinds()), new Shape(batch, steps, config.mlpWidth())
        };
    }

    /** Parameters of one forward pass on one device. */
    private final class Pass {
        private final ParameterStore store;
        private final Device device;
        private final boolean training;

        Pass(ParameterStore store, Device device, boolean training) {
            this.store = store;
            this.device = device;
            this.training = training;
        }

        NDArray value(String name) {
            return store.getValue(byName.get(name), device, training);
        }

        NDArray linear(String name, NDArray x) {
            return Linear.linear(x, value(name + ".weight"), value(name + ".bias"))
                    .singletonOrThrow();
        }

        NDArray norm(String name, NDArray x) {
            return LayerNorm.layerNorm(
                            x,
                            new Shape(config.width()),
                            value(name + ".gamma"),
                            value(name + ".beta"),
                            CausalFlowConfig.EPSILON)
                    .singletonOrThrow();
        }

        NDArray dropout(NDArray x) {
            return config.dropout() > 0 && training
                    ? Dropout.dropout(x, config.dropout(), true).singletonOrThrow()
                    : x;
        }
    }
}
