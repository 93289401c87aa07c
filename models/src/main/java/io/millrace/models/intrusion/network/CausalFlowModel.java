package io.millrace.models.intrusion.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.SharedUse;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.streaming.TensorSpec;

/**
 * A {@link CausalFlowTransformer} flow by flow: the keys and values of the last W flows of a key are its state, so a new
 * flow costs one token.
 *
 * <p>State of a key: a ring [W, layers * 2 * heads * head size] of projected keys and values (layer by layer, keys then
 * values), the number of flows seen, and the last logit. One call of the engine makes a step, over any batch size.
 *
 * <p>An explained flow also says what each field added to its logit. A flow is explained when its logit is at least
 * {@code explainLogit} and the flow before it was below, or the count of the key's flows is a power of two: the onset of
 * suspicion, and ever more rarely while it lasts. This follows from the key's own state alone, so a replay explains the
 * same flows.
 */
public final class CausalFlowModel implements StreamingModel<FlowInput, FlowOutput> {

    private static final int CACHE = 0;
    private static final int POSITION = 1;
    private static final int PREVIOUS = 2;

    private final ModelId id;
    private final CausalFlowConfig config;
    private final FlowInput typical;
    private final float explainLogit;
    private final Device device;
    private final CausalFlowKernel kernel;
    private final SharedUse users;
    private final StateSpec spec;
    private ByteBuffer numericBuffer = ByteBuffer.allocateDirect(0);
    private ByteBuffer idBuffer = ByteBuffer.allocateDirect(0);
    private boolean closed;

    /**
     * A model that explains nothing.
     *
     * @param id name and version of the weights
     * @param config sizes
     * @param weights weights by name, see {@link CausalFlowConfig#parameterShapes()}
     * @param device device of the steps
     */
    public CausalFlowModel(ModelId id, CausalFlowConfig config, Map<String, HostTensor> weights, Device device) {
        this(id, config, weights, null, Float.POSITIVE_INFINITY, device);
    }

    /**
     * A model that explains suspicious flows.
     *
     * @param typical typical value of every field; null to explain nothing
     * @param explainLogit logit from which a flow is worth explaining
     */
    public CausalFlowModel(
            ModelId id,
            CausalFlowConfig config,
            Map<String, HostTensor> weights,
            FlowInput typical,
            float explainLogit,
            Device device) {
        this(id, config, typical, explainLogit, device, new CausalFlowKernel(config, weights, device), new SharedUse());
    }

    private CausalFlowModel(
            ModelId id,
            CausalFlowConfig config,
            FlowInput typical,
            float explainLogit,
            Device device,
            CausalFlowKernel kernel,
            SharedUse users) {
        this.id = id;
        this.config = config;
        this.typical = typical;
        this.explainLogit = explainLogit;
        this.device = device;
        this.kernel = kernel;
        this.users = users;
        if (typical != null) {
            check(typical);
        }
        int entry = config.layers() * 2 * config.attentionWidth();
        this.spec = new StateSpec(List.of(
                new TensorSpec("cache", DataType.FLOAT32, new Shape(config.window(), entry)),
                new TensorSpec("position", DataType.INT64, new Shape(1)),
                new TensorSpec("previous_logit", DataType.FLOAT32, new Shape(1))));
    }

    /** Another instance over the same weights, for another thread. */
    public CausalFlowModel share() {
        if (!users.enter()) {
            throw new IllegalStateException("model " + id + " is closed");
        }
        return new CausalFlowModel(id, config, typical, explainLogit, device, kernel, users);
    }

    @Override
    public ModelId id() {
        return id;
    }

    public CausalFlowConfig config() {
        return config;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public StateSpec stateSpec() {
        return spec;
    }

    @Override
    public List<FlowOutput> step(List<FlowInput> inputs, StateBatch states) {
        int size = inputs.size();
        if (size != states.size()) {
            throw new IllegalArgumentException(size + " inputs for " + states.size() + " states");
        }
        inputs.forEach(this::check);
        NDManager manager = states.manager();
        NDArray cache = states.get(CACHE);
        NDArray position = states.get(POSITION);
        NDArray previous = explainLogit < Float.POSITIVE_INFINITY ? states.get(PREVIOUS) : null;
        fill(inputs);
        NDList results = kernel.step(manager, numeric(manager, size), ids(manager, size), cache, position);
        float[] packed = results.get(0).toFloatArray();
        float[][] contributions = new float[size][];
        if (typical != null && previous != null) {
            explain(inputs, packed, cache, position, previous, manager, contributions);
        }
        states.putRow(CACHE, results.get(2), results.get(1));
        states.put(POSITION, results.get(3));
        states.put(PREVIOUS, results.get(4));
        return unpack(packed, contributions);
    }

    private List<FlowOutput> unpack(float[] packed, float[][] contributions) {
        int k = config.kinds();
        int m = config.mlpWidth();
        int width = packed.length / contributions.length;
        List<FlowOutput> outputs = new ArrayList<>(contributions.length);
        for (int b = 0; b < contributions.length; b++) {
            int at = b * width;
            outputs.add(new FlowOutput(
                    packed[at],
                    java.util.Arrays.copyOfRange(packed, at + 1, at + 1 + k),
                    java.util.Arrays.copyOfRange(packed, at + 1 + k, at + 1 + k + m),
                    java.util.Arrays.copyOfRange(packed, at + 1 + k + m, at + width),
                    contributions[b]));
        }
        return outputs;
    }

    private void explain(
            List<FlowInput> inputs,
            float[] packed,
            NDArray cache,
            NDArray position,
            NDArray previous,
            NDManager manager,
            float[][] contributions) {
        int size = inputs.size();
        int width = packed.length / size;
        boolean any = false;
        for (int b = 0; b < size && !any; b++) {
            any = packed[b * width] >= explainLogit;
        }
        if (!any) {
            return;
        }
        long[] before = position.toLongArray();
        float[] last = previous.toFloatArray();
        int fields = config.numeric() + config.categorical();
        for (int b = 0; b < size; b++) {
            long count = before[b] + 1;
            boolean onset = before[b] == 0 || last[b] < explainLogit;
            if (packed[b * width] >= explainLogit && (onset || Long.bitCount(count) == 1)) {
                List<FlowInput> variants = Occlusion.variants(inputs.get(b), typical);
                fill(variants);
                long[] rows = new long[fields];
                java.util.Arrays.fill(rows, b);
                NDArray logits = kernel.logits(
                        manager, numeric(manager, fields), ids(manager, fields), cache, position, manager.create(rows));
                contributions[b] = Occlusion.contributions(packed[b * width], logits.toFloatArray());
            }
        }
    }

    private NDArray numeric(NDManager manager, int size) {
        return manager.create(numericBuffer, new Shape(size, config.numeric()), DataType.FLOAT32);
    }

    private NDArray ids(NDManager manager, int size) {
        return manager.create(idBuffer, new Shape(size, config.categorical()), DataType.INT64);
    }

    /** Writes prepared features to the two upload buffers; a level out of range counts as not seen. */
    private void fill(List<FlowInput> inputs) {
        numericBuffer = room(numericBuffer, inputs.size() * config.numeric() * Float.BYTES);
        idBuffer = room(idBuffer, inputs.size() * config.categorical() * Long.BYTES);
        List<Integer> levels = config.levels();
        for (FlowInput input : inputs) {
            for (float value : input.numeric()) {
                numericBuffer.putFloat(value);
            }
            int[] ids = input.categorical();
            for (int i = 0; i < ids.length; i++) {
                idBuffer.putLong(ids[i] < 0 || ids[i] > levels.get(i) ? 0 : ids[i]);
            }
        }
        numericBuffer.flip();
        idBuffer.flip();
    }

    private static ByteBuffer room(ByteBuffer buffer, int bytes) {
        ByteBuffer enough = buffer.capacity() >= bytes
                ? buffer
                : ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        return enough.clear();
    }

    private void check(FlowInput input) {
        if (input.numeric().length != config.numeric() || input.categorical().length != config.categorical()) {
            throw new IllegalArgumentException("model " + id + " takes " + config.numeric() + " numeric and "
                    + config.categorical() + " categorical fields, got " + input.numeric().length + " and "
                    + input.categorical().length);
        }
    }

    @Override
    public List<List<FlowInput>> trialInputs() {
        FlowInput input = new FlowInput(new float[config.numeric()], new int[config.categorical()]);
        return List.of(List.of(input, input, input));
    }

    @Override
    public boolean isFinite(FlowOutput output) {
        return Float.isFinite(output.logit())
                && finite(output.kindLogits())
                && finite(output.embedding())
                && finite(output.attention());
    }

    private static boolean finite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (users.leave()) {
                kernel.close();
            }
        }
    }
}
