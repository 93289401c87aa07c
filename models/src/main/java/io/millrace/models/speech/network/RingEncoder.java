package io.millrace.models.speech.network;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.torch.TorchKernel;

/**
 * The encoder chunk by chunk over caches that are rings: keys and values of the last L frames, frame f in row f mod L.
 * Nothing is shifted or copied whole to make room, no frame is projected twice, and the conformer layers are one native
 * call.
 *
 * <p>What depends on weights alone is done once: keys and values are one projection, 1 / sqrt(head width) lies in the
 * queries', positions are projected once for each length of a chunk (Noroozi et al., arXiv 2312.17279, cache inputs
 * instead). May be used by several threads at once.
 */
public final class RingEncoder implements AutoCloseable {

    private final FastConformerConfig config;
    private final FastConformer network;
    private final Device device;
    private final NDManager owner;
    private final TorchKernel kernel;
    private final RingWeights weights;
    private final IValue packed;
    private final Map<Integer, NDArray> windows = new ConcurrentHashMap<>();
    private final int slots;

    /**
     * An encoder with the weights of a network.
     *
     * @param network network, which serves what lies before the layers
     * @param weights its weights, which stay the caller's
     */
    public RingEncoder(FastConformerConfig config, FastConformer network, Map<String, NDArray> weights) {
        this.config = config;
        this.network = network;
        this.device = weights.values().iterator().next().getDevice();
        this.owner = NDManager.newBaseManager(device, "PyTorch");
        this.slots = config.contexts().stream()
                .mapToInt(AttentionContext::left)
                .max()
                .orElseThrow();
        this.kernel = TorchKernel.compile("ConformerStep", RingKernelText.of(config, slots), device);
        this.weights = new RingWeights(config, weights, owner);
        this.packed = TorchKernel.pack(this.weights.packed());
    }

    /** Rows of the ring, L: the longest past that one of the attention contexts sees. */
    public int slots() {
        return slots;
    }

    /** Size of a row of the ring: keys and values of all layers. */
    public int rowWidth() {
        return 2 * config.layers() * config.width();
    }

    /**
     * Result of a step.
     *
     * @param encoded encoder frames
     * @param rows what the frames add to the ring, [B, T, layers * 2 d]; frame t of a stream belongs into row (position +
     *     t) mod L
     * @param convolution inputs of the convolutions behind the chunk, [B, layers, d, kernel - 1]
     */
    public record Step(FastConformer.Encoded encoded, NDArray rows, NDArray convolution) {}

    /**
     * Encodes one chunk of each of several streams.
     *
     * @param mel float [B, T, F]: some mel frames before the chunk, then the chunk
     * @param lengths mel frames of each stream that are no padding, those before the chunk included
     * @param drop encoder frames that the frames before the chunk make, to be left out
     * @param ring keys and values of the last L frames of each stream, [R, L, layers * 2 d]
     * @param convolution inputs of the convolutions before the chunk, [B, layers, d, kernel - 1]
     * @param positions frames that each stream has seen
     */
    public Step step(
            NDArray mel,
            long[] lengths,
            int drop,
            AttentionContext context,
            StateBatch.Resident ring,
            NDArray convolution,
            long[] positions) {
        FastConformer.Encoded fresh = network.subsampled(mel, lengths, drop);
        NDManager manager = mel.getManager();
        int steps = Math.toIntExact(fresh.frames().getShape().get(1));
        NDList results = kernel.call(
                manager,
                "step",
                fresh.frames(),
                ConformerLayers.valid(manager, fresh.lengths(), steps).expandDims(2),
                RingOrder.bias(manager, context, slots, positions, fresh.lengths(), steps),
                RingOrder.distances(manager, slots, positions, steps),
                windows.computeIfAbsent(steps, this::positions),
                ring.rows(),
                ring.places() == null ? manager.create(new long[0]) : ring.places(),
                convolution,
                packed);
        return new Step(new FastConformer.Encoded(results.get(0), fresh.lengths()), results.get(1), results.get(2));
    }

    /** Positions of a chunk of so many frames as the layers take them, [layers, h, d / h, L + 2 T - 1]. */
    private NDArray positions(int steps) {
        try (NDManager scratch = owner.newSubManager()) {
            NDArray table = RelativePositions.table(scratch, steps, slots + steps, config.width());
            NDList layers = new NDList();
            for (int i = 0; i < config.layers(); i++) {
                layers.add(weights.projected(i, table)
                        .reshape(new Shape(-1, config.heads(), config.headWidth()))
                        .transpose(1, 2, 0));
            }
            NDArray all = NDArrays.stack(layers);
            all.attach(owner);
            return all;
        }
    }

    @Override
    public void close() {
        packed.close();
        owner.close();
        kernel.close();
    }
}
