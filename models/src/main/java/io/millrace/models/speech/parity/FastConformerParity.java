package io.millrace.models.speech.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.parity.ParityReport;
import io.millrace.models.speech.decoding.CtcGreedy;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.TransducerGreedy;
import io.millrace.models.speech.frontend.MelFilterbank;
import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.nemo.NemoNetwork;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.torch.EngineCheck;

/**
 * Holds our FastConformer against figures of NeMo: a folder with {@code config.json}, {@code weights.safetensors}, {@code
 * cases.safetensors} and optionally {@code grads.safetensors}.
 *
 * <p>Compared is what is no padding. Tolerances: 2e-5 + 1e-4 of the largest figure for activations, 5e-4 for log-mel
 * features, 1e-4 of the value for losses, 1e-4 of the largest entry for gradients; tokens and frames must be equal.
 */
public final class FastConformerParity {

    private static final double MEL = 5e-4;

    private final JsonNode settings;
    private final FastConformerConfig config;
    private final Map<String, HostTensor> weights;
    private final Map<String, HostTensor> cases;
    private final Map<String, HostTensor> gradients;
    private final ParityReport report = new ParityReport();

    private FastConformerParity(Path folder) throws IOException {
        this.settings = new ObjectMapper().readTree(Files.readString(folder.resolve("config.json")));
        this.config = NemoNetwork.network(settings, settings.path("vocab_size").asInt());
        this.weights = Safetensors.read(folder.resolve("weights.safetensors"));
        this.cases = Safetensors.read(folder.resolve("cases.safetensors"));
        Path grads = folder.resolve("grads.safetensors");
        this.gradients = Files.exists(grads) ? Safetensors.read(grads) : Map.of();
    }

    /**
     * Runs every case of a folder.
     *
     * @throws NoSuchFileException if the folder or one of its files is not there
     * @throws IllegalArgumentException if a file is malformed
     */
    public static ParityReport run(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder");
        }
        EngineCheck.requireUsable();
        FastConformerParity parity = new FastConformerParity(folder);
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> arrays = new HashMap<>();
            parity.weights.forEach((name, tensor) -> arrays.put(name, tensor.toArray(manager)));
            parity.features();
            parity.offline(arrays, manager);
            parity.heads(arrays, manager);
            new FastConformerStreamParity(parity.settings, parity.config, parity.cases, parity.report)
                    .run(arrays, manager);
            new FastConformerLossParity(parity.config, parity.cases, parity.gradients, parity.report)
                    .run(arrays, manager);
        }
        parity.unclaimed();
        return parity.report;
    }

    static double tolerance(HostTensor expected) {
        double most = 0;
        for (float value : expected.floats()) {
            most = Math.max(most, Math.abs(value));
        }
        return 2e-5 + 1e-4 * most;
    }

    /** The elements that are no padding of [B, T, C], or of [B, C, T] if {@code channelsFirst}, item by item. */
    static float[] valid(float[] values, long[] shape, long[] lengths, boolean channelsFirst) {
        int steps = Math.toIntExact(shape[channelsFirst ? 2 : 1]);
        int channels = Math.toIntExact(shape[channelsFirst ? 1 : 2]);
        int count = 0;
        float[] chosen = new float[values.length];
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < Math.min(steps, lengths[b]); t++) {
                for (int c = 0; c < channels; c++) {
                    int within = channelsFirst ? c * steps + t : t * channels + c;
                    chosen[count++] = values[b * steps * channels + within];
                }
            }
        }
        return java.util.Arrays.copyOf(chosen, count);
    }

    static float[] valid(NDArray values, long[] lengths) {
        return valid(values.toFloatArray(), values.getShape().getShape(), lengths, false);
    }

    private void features() {
        if (!cases.containsKey("mel/input_signal")) {
            return;
        }
        HostTensor bank = weights.get("preprocessor.featurizer.fb");
        MelFrontEnd frontEnd = new MelFrontEnd(config.features());
        if (bank != null) {
            float[] flat = bank.floats();
            int bins = flat.length / config.features();
            float[][] matrix = new float[config.features()][];
            float[][] ours = MelFilterbank.slaney(config.features(), MelFrontEnd.SAMPLE_RATE, 2 * (bins - 1))
                    .matrix();
            float[] computed = new float[flat.length];
            for (int band = 0; band < matrix.length; band++) {
                matrix[band] = java.util.Arrays.copyOfRange(flat, band * bins, (band + 1) * bins);
                System.arraycopy(ours[band], 0, computed, band * bins, bins);
            }
            report.compare("weights/preprocessor.featurizer.fb", flat, computed, 1e-6);
            frontEnd = new MelFrontEnd(
                    MelFilterbank.of(matrix),
                    weights.get("preprocessor.featurizer.window").floats());
        }
        HostTensor signal = cases.get("mel/input_signal");
        long[] samples = cases.get("mel/input_length").longs();
        int width = Math.toIntExact(signal.shape()[1]);
        long[] frames = new long[samples.length];
        List<float[]> plain = new ArrayList<>();
        List<float[]> normalized = new ArrayList<>();
        for (int b = 0; b < samples.length; b++) {
            float[] audio =
                    java.util.Arrays.copyOfRange(signal.floats(), b * width, b * width + Math.toIntExact(samples[b]));
            float[] features = frontEnd.features(audio);
            frames[b] = features.length / config.features();
            plain.add(features);
            float[] copy = features.clone();
            frontEnd.normalizePerBand(copy);
            normalized.add(copy);
        }
        report.compare("mel/log_mel_length", cases.get("mel/log_mel_length").longs(), frames);
        compareMel("mel/log_mel", frames, plain);
        compareMel("mel/log_mel_per_feature", frames, normalized);
    }

    private void compareMel(String name, long[] frames, List<float[]> ours) {
        HostTensor expected = cases.get(name);
        if (expected != null) {
            float[] all = new float[ours.stream().mapToInt(f -> f.length).sum()];
            int at = 0;
            for (float[] features : ours) {
                System.arraycopy(features, 0, all, at, features.length);
                at += features.length;
            }
            report.compare(name, valid(expected.floats(), expected.shape(), frames, true), all, MEL);
        }
    }

    private NDArray mel(String name, NDManager manager) {
        return cases.get(name).toArray(manager).swapAxes(1, 2);
    }

    private FastConformer.Encoded encode(Map<String, NDArray> arrays, AttentionContext context, NDManager manager) {
        return new FastConformer(config, arrays, CacheContent.PROJECTIONS, false)
                .encode(
                        mel("offline/audio_signal", manager),
                        cases.get("offline/length").longs(),
                        context);
    }

    private void offline(Map<String, NDArray> arrays, NDManager manager) {
        for (AttentionContext context : config.contexts()) {
            String name = "offline/ctx_" + context.left() + "_" + context.right() + "/";
            if (!cases.containsKey(name + "encoded")) {
                continue;
            }
            Map<String, NDArray> trace = new HashMap<>();
            FastConformer network = new FastConformer(config, arrays, CacheContent.PROJECTIONS, false, trace::put);
            FastConformer.Encoded encoded = network.encode(
                    mel("offline/audio_signal", manager),
                    cases.get("offline/length").longs(),
                    context);
            report.compare(name + "encoded_len", cases.get(name + "encoded_len").longs(), encoded.lengths());
            compareEncoded(name + "encoded", encoded);
            for (String id : Safetensors.below(name.substring(0, name.length() - 1), cases)
                    .keySet()) {
                if (id.startsWith("debug_")) {
                    trace(name + id, trace.get(id.substring("debug_".length())), encoded.lengths());
                }
            }
        }
    }

    private void compareEncoded(String name, FastConformer.Encoded encoded) {
        HostTensor expected = cases.get(name);
        report.compare(
                name,
                valid(expected.floats(), expected.shape(), encoded.lengths(), true),
                valid(encoded.frames(), encoded.lengths()),
                tolerance(expected));
    }

    private void trace(String name, NDArray ours, long[] lengths) {
        HostTensor expected = cases.get(name);
        if (ours == null) {
            report.compare(name, new float[1], null, 0);
        } else if (name.endsWith("_mask")) {
            // Both say 1 for hidden; ours of padding says 1 for what is there.
            NDArray mask = name.endsWith("pad_mask") ? ours.mul(-1).add(1) : ours;
            float[] bytes = new float[expected.data().remaining()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = expected.data().get(i);
            }
            report.compare(name, bytes, mask.toFloatArray(), 0);
        } else if (name.endsWith("pos_emb")) {
            report.compare(name, expected.floats(), ours.toFloatArray(), tolerance(expected));
        } else {
            report.compare(
                    name,
                    valid(expected.floats(), expected.shape(), lengths, false),
                    valid(ours, lengths),
                    tolerance(expected));
        }
    }

    private void heads(Map<String, NDArray> arrays, NDManager manager) {
        if (!cases.containsKey("heads/ctc_log_probs")) {
            return;
        }
        FastConformer network = new FastConformer(config, arrays, CacheContent.PROJECTIONS, false);
        FastConformer.Encoded encoded = encode(arrays, config.contexts().get(0), manager);
        NDArray ctc = network.ctcLogits(encoded.frames()).logSoftmax(-1);
        HostTensor expected = cases.get("heads/ctc_log_probs");
        report.compare(
                "heads/ctc_log_probs",
                valid(expected.floats(), expected.shape(), encoded.lengths(), false),
                valid(ctc, encoded.lengths()),
                tolerance(expected));
        NDArray best = ctc.argMax(-1);
        NDArray most = ctc.max(new int[] {-1});
        List<List<Emission>> folded = new ArrayList<>();
        for (int b = 0; b < encoded.lengths().length; b++) {
            String frames = b + ", :" + encoded.lengths()[b];
            folded.add(new CtcGreedy(config.blank())
                    .accept(best.get(frames).toLongArray(), most.get(frames).toFloatArray(), 0));
        }
        compareTokens("heads/ctc_ids", folded);
        transducer(network, encoded, manager);
        NDArray targets = cases.get("heads/targets").toArray(manager);
        NDArray predicted = network.predictAll(targets);
        HostTensor expectedPrediction = cases.get("heads/prediction");
        report.compare(
                "heads/prediction",
                expectedPrediction.floats(),
                predicted.swapAxes(1, 2).toFloatArray(),
                tolerance(expectedPrediction));
        NDArray joint = network.jointLogits(
                        network.jointEncoded(encoded.frames()).expandDims(2),
                        network.jointPredicted(predicted).expandDims(1))
                .logSoftmax(-1);
        HostTensor expectedJoint = cases.get("heads/joint_log_probs");
        long[] shape = {
            expectedJoint.shape()[0],
            expectedJoint.shape()[1],
            joint.getShape().size() / (expectedJoint.shape()[0] * expectedJoint.shape()[1])
        };
        report.compare(
                "heads/joint_log_probs",
                valid(expectedJoint.floats(), shape, encoded.lengths(), false),
                valid(joint.toFloatArray(), shape, encoded.lengths(), false),
                tolerance(expectedJoint));
    }

    private void transducer(FastConformer network, FastConformer.Encoded encoded, NDManager manager) {
        int streams = encoded.lengths().length;
        TransducerGreedy greedy = new TransducerGreedy(network, config.blank(), 10, Integer.MAX_VALUE);
        TransducerGreedy.Result result = greedy.decode(
                encoded.frames(),
                encoded.lengths(),
                new long[streams],
                new int[streams],
                greedy.start(manager, streams));
        compareTokens("heads/rnnt_ids", result.emissions());
        compareFrames("heads/rnnt_timestamps", result.emissions());
        float[] scores = new float[streams];
        for (int b = 0; b < streams; b++) {
            scores[b] = (float) result.scores()[b];
        }
        HostTensor expected = cases.get("heads/rnnt_scores");
        report.compare("heads/rnnt_scores", expected.floats(), scores, tolerance(expected));
        TransducerGreedy one = new TransducerGreedy(network, config.blank(), 1, Integer.MAX_VALUE);
        compareTokens(
                "heads/rnnt_ids_max_symbols_1",
                one.decode(
                                encoded.frames(),
                                encoded.lengths(),
                                new long[streams],
                                new int[streams],
                                one.start(manager, streams))
                        .emissions());
    }

    private void compareTokens(String name, List<List<Emission>> ours) {
        HostTensor expected = cases.get(name);
        report.compare(name, expected.longs(), padded(ours, Emission::token, expected.shape()[1]));
    }

    private void compareFrames(String name, List<List<Emission>> ours) {
        HostTensor expected = cases.get(name);
        report.compare(name, expected.longs(), padded(ours, Emission::frame, expected.shape()[1]));
    }

    /** A figure of each emission, filled up with -1 to [B, width]; longer where we have more. */
    static long[] padded(List<List<Emission>> streams, java.util.function.ToLongFunction<Emission> figure, long width) {
        int columns = Math.toIntExact(width);
        for (List<Emission> stream : streams) {
            columns = Math.max(columns, stream.size());
        }
        long[] values = new long[streams.size() * columns];
        java.util.Arrays.fill(values, -1);
        for (int b = 0; b < streams.size(); b++) {
            for (int i = 0; i < streams.get(b).size(); i++) {
                values[b * columns + i] = figure.applyAsLong(streams.get(b).get(i));
            }
        }
        return values;
    }

    /** A tensor that nothing was held against is a failure, not a silence; inputs and inner steps of the mel aside. */
    private void unclaimed() {
        List<String> left = new ArrayList<>(cases.keySet());
        left.removeAll(report.cases().keySet());
        left.removeIf(name -> name.startsWith("mel/input")
                || name.startsWith("mel/debug_")
                || name.equals("offline/audio_signal")
                || name.equals("offline/length")
                || name.startsWith("heads/target")
                || name.matches("edge/.*_(logits|labels)") && !name.contains("_d_")
                || name.matches("stream/.*/(chunk|chunk_len|offline_signal|offline_length)"));
        left.forEach(name -> report.compare(name, new float[1], null, 0));
    }
}
