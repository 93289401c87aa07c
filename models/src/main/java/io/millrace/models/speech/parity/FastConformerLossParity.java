package io.millrace.models.speech.parity;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.parity.ParityReport;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.training.CtcLoss;
import io.millrace.models.speech.training.TransducerLoss;

/** The cases {@code loss/} and {@code edge/}, and the gradients of all weights. */
final class FastConformerLossParity {

    private static final double FAST_EMIT = 0.005;
    private static final float CTC_WEIGHT = 0.3f;
    private static final double RELATIVE = 1e-4;

    private final FastConformerConfig config;
    private final Map<String, HostTensor> cases;
    private final Map<String, HostTensor> gradients;
    private final ParityReport report;

    FastConformerLossParity(
            FastConformerConfig config,
            Map<String, HostTensor> cases,
            Map<String, HostTensor> gradients,
            ParityReport report) {
        this.config = config;
        this.cases = cases;
        this.gradients = gradients;
        this.report = report;
    }

    /** A loss of encoder frames: values of the items, and the scalar whose gradient is that of their mean. */
    private record Loss(double[] values, NDArray mean) {}

    void run(Map<String, NDArray> arrays, NDManager manager) {
        edges(manager);
        if (!cases.containsKey("loss/hybrid")) {
            return;
        }
        FastConformer network = new FastConformer(config, arrays, CacheContent.PROJECTIONS, false);
        int[][] targets = targets();
        try (CtcLoss ctc = new CtcLoss(config.blank(), Device.cpu())) {
            FastConformer.Encoded encoded = encode(network, manager);
            int[] frames = ints(encoded.lengths());
            Loss transducer =
                    gradientOf("loss/d_rnnt_d_encoded", encoded, x -> transducer(network, x, frames, targets, 0));
            values("loss/rnnt_per_sample", transducer.values());
            values("loss/rnnt_mean_batch", mean(transducer.values()));
            double tokens = 0;
            for (int[] target : targets) {
                tokens += target.length;
            }
            values("loss/rnnt_mean_volume", mean(transducer.values())[0] * targets.length / tokens);
            Loss fast = gradientOf(
                    "loss/d_rnnt_fastemit_d_encoded", encoded, x -> transducer(network, x, frames, targets, FAST_EMIT));
            values("loss/rnnt_fastemit_per_sample", fast.values());
            Loss temporal =
                    gradientOf("loss/d_ctc_d_encoded", encoded, x -> temporal(ctc, network, x, frames, targets));
            values("loss/ctc_per_sample", temporal.values());
            values("loss/ctc_mean_batch", mean(temporal.values()));
            values(
                    "loss/hybrid",
                    (1 - CTC_WEIGHT) * mean(transducer.values())[0] + CTC_WEIGHT * mean(temporal.values())[0]);
            weights(network, arrays, ctc, targets, manager);
        }
    }

    private FastConformer.Encoded encode(FastConformer network, NDManager manager) {
        return network.encode(
                cases.get("offline/audio_signal").toArray(manager).swapAxes(1, 2),
                cases.get("offline/length").longs(),
                config.contexts().get(0));
    }

    private static Loss transducer(
            FastConformer network, NDArray encoded, int[] frames, int[][] targets, double fastEmit) {
        int most = 0;
        for (int[] target : targets) {
            most = Math.max(most, target.length);
        }
        long[] padded = new long[targets.length * most];
        for (int b = 0; b < targets.length; b++) {
            for (int u = 0; u < targets[b].length; u++) {
                padded[b * most + u] = targets[b][u];
            }
        }
        NDArray predicted = network.predictAll(encoded.getManager().create(padded, new Shape(targets.length, most)));
        NDArray logits = network.jointLogits(
                network.jointEncoded(encoded).expandDims(2),
                network.jointPredicted(predicted).expandDims(1));
        TransducerLoss.Result result = TransducerLoss.of(logits, frames, targets, fastEmit);
        return new Loss(result.values(), result.surrogate().div(targets.length));
    }

    private static Loss temporal(CtcLoss ctc, FastConformer network, NDArray encoded, int[] frames, int[][] targets) {
        NDArray each = ctc.of(network.ctcLogits(encoded), frames, targets);
        return new Loss(doubles(each), each.mean());
    }

    private Loss gradientOf(String name, FastConformer.Encoded encoded, Function<NDArray, Loss> loss) {
        NDArray leaf = encoded.frames().duplicate();
        leaf.setRequiresGradient(true);
        Loss result;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            result = loss.apply(leaf);
            collector.backward(result.mean());
        }
        HostTensor expected = cases.get(name);
        report.compare(
                name,
                FastConformerParity.valid(expected.floats(), expected.shape(), encoded.lengths(), true),
                FastConformerParity.valid(leaf.getGradient(), encoded.lengths()),
                RELATIVE * largest(expected) + 1e-5);
        return result;
    }

    private void weights(
            FastConformer network, Map<String, NDArray> arrays, CtcLoss ctc, int[][] targets, NDManager manager) {
        if (gradients.isEmpty()) {
            return;
        }
        config.parameterShapes().keySet().forEach(name -> arrays.get(name).setRequiresGradient(true));
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            FastConformer.Encoded encoded = encode(network, manager);
            int[] frames = ints(encoded.lengths());
            NDArray hybrid = transducer(network, encoded.frames(), frames, targets, 0)
                    .mean()
                    .mul(1 - CTC_WEIGHT)
                    .add(temporal(ctc, network, encoded.frames(), frames, targets)
                            .mean()
                            .mul(CTC_WEIGHT));
            collector.backward(hybrid);
        }
        double most = gradients.values().stream()
                .mapToDouble(FastConformerLossParity::largest)
                .max()
                .orElse(0);
        gradients.forEach((name, expected) -> {
            NDArray weight = arrays.get(name);
            report.compare(
                    "grads/" + name,
                    expected.floats(),
                    weight == null ? null : weight.getGradient().toFloatArray(),
                    RELATIVE * most);
        });
    }

    /** Logits of single items, of every shape that is easily got wrong. */
    private void edges(NDManager manager) {
        for (String id : new TreeMap<>(cases).keySet()) {
            if (!id.matches("edge/\\w+_logits") || id.contains("_d_")) {
                continue;
            }
            String name = id.substring(0, id.length() - "_logits".length());
            NDArray logits = cases.get(id).toArray(manager).expandDims(0);
            logits.setRequiresGradient(true);
            int[][] targets = {ints(cases.get(name + "_labels").longs())};
            int[] frames = {Math.toIntExact(logits.getShape().get(1))};
            int blank = Math.toIntExact(logits.getShape().getLastDimension() - 1);
            double[] values;
            try (CtcLoss ctc = new CtcLoss(blank, Device.cpu());
                    GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                if (name.startsWith("edge/rnnt")) {
                    TransducerLoss.Result result = TransducerLoss.of(logits, frames, targets, 0);
                    values = result.values();
                    collector.backward(result.surrogate());
                } else {
                    NDArray loss = ctc.of(logits, frames, targets);
                    values = doubles(loss);
                    collector.backward(loss.sum());
                }
            }
            values(name + "_loss", values);
            HostTensor expected = cases.get(name + "_d_logits");
            report.compare(
                    name + "_d_logits",
                    expected.floats(),
                    logits.getGradient().toFloatArray(),
                    RELATIVE * largest(expected) + 1e-6);
        }
    }

    private void values(String name, double... ours) {
        HostTensor expected = cases.get(name);
        float[] floats = new float[ours.length];
        for (int i = 0; i < ours.length; i++) {
            floats[i] = (float) ours[i];
        }
        report.compare(name, expected.floats(), floats, RELATIVE * largest(expected) + 1e-6);
    }

    private static double largest(HostTensor tensor) {
        double most = 0;
        for (float value : tensor.floats()) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private int[][] targets() {
        HostTensor padded = cases.get("heads/targets");
        long[] lengths = cases.get("heads/target_length").longs();
        int width = Math.toIntExact(padded.shape()[1]);
        int[][] targets = new int[lengths.length][];
        for (int b = 0; b < lengths.length; b++) {
            targets[b] = ints(
                    java.util.Arrays.copyOfRange(padded.longs(), b * width, b * width + Math.toIntExact(lengths[b])));
        }
        return targets;
    }

    private static int[] ints(long[] values) {
        return java.util.Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    private static double[] doubles(NDArray values) {
        float[] floats = values.toFloatArray();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    private static double[] mean(double[] values) {
        return new double[] {java.util.Arrays.stream(values).average().orElseThrow()};
    }
}
