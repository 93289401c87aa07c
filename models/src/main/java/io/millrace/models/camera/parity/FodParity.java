package io.millrace.models.camera.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.camera.network.AnomalyMap;
import io.millrace.models.camera.network.Fod;
import io.millrace.models.camera.network.FodConfig;
import io.millrace.models.camera.network.FodLoss;
import io.millrace.models.camera.network.FodScore;
import io.millrace.models.camera.network.FodWeights;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.parity.ParityReport;
import io.millrace.models.torch.EngineCheck;
import io.millrace.models.training.AdamW;

/**
 * Holds our FOD against figures of the reference implementation: a folder with {@code config.json}, {@code
 * weights.safetensors}, {@code cases.safetensors}, and optionally gradients and the weights after a step of its training.
 *
 * <p>Tolerances: 1e-5 and 1e-4 of the largest expected figure together; gradients 1e-6
 * and 1e-4 of the largest of their weight; weights after a step 2 % of the learning rate.
 */
public final class FodParity {

    private static final double ABSOLUTE = 1e-5;
    private static final double RELATIVE = 1e-4;
    /** Gradients that are zero but for rounding, which Adam makes a whole step of. */
    private static final float NO_GRADIENT = 1e-6f;
    /** What an update may differ by, of its size, which is the learning rate. */
    private static final double OF_A_STEP = 0.02;

    private final JsonNode config;
    private final FodConfig sizes;
    private final Map<String, HostTensor> weights;
    private final Map<String, HostTensor> cases;
    private final Set<String> claimed = new HashSet<>();
    private final ParityReport report = new ParityReport();
    private final Path folder;

    private FodParity(Path folder) throws IOException {
        this.folder = folder;
        this.config = new ObjectMapper().readTree(Files.readString(folder.resolve("config.json")));
        this.weights = Safetensors.read(folder.resolve("weights.safetensors"));
        this.cases = Safetensors.read(folder.resolve("cases.safetensors"));
        List<FodConfig.Level> levels = new ArrayList<>();
        config.path("levels")
                .forEach(level -> levels.add(new FodConfig.Level(
                        level.path("in_channels").asInt(),
                        level.path("width").asInt(),
                        level.path("d_model").asInt())));
        this.sizes = new FodConfig(
                levels,
                config.path("n_layers").asInt(),
                config.path("n_heads").asInt(),
                config.path("d_feed_forward_scale").asInt(4),
                config.path("with_intra").asBoolean(true),
                config.path("with_inter").asBoolean(true),
                weights.keySet().stream().anyMatch(name -> name.contains("out_projection")));
        FodWeights.check(sizes, weights);
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
        FodParity parity = new FodParity(folder);
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
            parity.run(manager);
        }
        return parity.report;
    }

    private void run(NDManager manager) throws IOException {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> arrays.put(name, tensor.toArray(manager)));
        Fod network = new Fod(sizes, arrays);
        List<NDArray> references = new ArrayList<>();
        for (int level = 0; level < sizes.levels().size(); level++) {
            references.add(reference(level, manager));
            JsonNode count = config.path("parameters").path(level);
            if (!count.isMissingNode()) {
                report.compare(
                        "parameters/level" + level, new long[] {count.asLong()}, new long[] {sizes.parameterCount(level)
                        });
            }
        }
        images(network, references, manager);
        if (cases.containsKey("train/features_level0")) {
            training(arrays, references, manager);
        }
        for (String name : cases.keySet()) {
            if (!claimed.contains(name)) {
                report.compare(name + ": no figure of ours", new float[1], null, 0);
            }
        }
    }

    /** Mean tokens of the normal pictures, [L, C]. */
    private NDArray reference(int level, NDManager manager) {
        String name = "ref/train_features_level" + level;
        NDArray mean;
        if (cases.containsKey(name)) {
            claimed.add(name);
            mean = Fod.tokens(cases.get(name).toArray(manager)).mean(new int[] {0});
            compare("ref/mean_level" + level, mean.transpose());
        } else {
            claimed.add("ref/mean_level" + level);
            mean = cases.get("ref/mean_level" + level).toArray(manager).transpose();
        }
        return mean;
    }

    private void images(Fod network, List<NDArray> references, NDManager manager) {
        int images = Math.toIntExact(features("test/", 0, manager).getShape().get(0));
        int size = config.path("inp_size").asInt();
        for (int image = 0; image < images; image++) {
            String prefix = "test/image" + image + '/';
            List<NDArray> maps = new ArrayList<>();
            for (int level = 0; level < sizes.levels().size(); level++) {
                NDArray tokens = Fod.tokens(features("test/", level, manager).get(image + ":" + (image + 1)));
                Fod.Pass pass = network.forward(level, tokens, references.get(level));
                FodScore score = FodScore.of(pass);
                passed(prefix + "level" + level + '/', pass, score);
                NDArray map = AnomalyMap.enlarged(
                        score.score().reshape(1, sizes.levels().get(level).side(), -1), size);
                compare(prefix + "level" + level + "/map", map.squeeze(0));
                maps.add(map);
            }
            NDArray map = AnomalyMap.mean(maps);
            compare(prefix + "map", map.squeeze(0));
            NDArray blurred =
                    AnomalyMap.blurred(map, config.path("gaussian_sigma").asDouble(4));
            compare(prefix + "map_blurred", blurred.squeeze(0));
            compare(prefix + "image_score", blurred.max());
        }
    }

    private NDArray features(String prefix, int level, NDManager manager) {
        String name = prefix + "features_level" + level;
        claimed.add(name);
        return cases.get(name).toArray(manager);
    }

    private void passed(String prefix, Fod.Pass pass, FodScore score) {
        compare(prefix + "debug_tokens", pass.tokens());
        compare(prefix + "debug_embedding", pass.embedding());
        compare(prefix + "debug_ref_embedding", pass.referenceEmbedding());
        compare(prefix + "output", pass.output());
        correlations(prefix, "intra", pass.intra());
        correlations(prefix, "inter", pass.inter());
        compare(prefix + "rec_score", score.rebuilding());
        compare(prefix + "intra_j", score.intraDivergence());
        compare(prefix + "intra_entropy", score.intraEntropy());
        compare(prefix + "intra_score", score.intraScore());
        compare(prefix + "inter_j", score.interDivergence());
        compare(prefix + "inter_entropy", score.interEntropy());
        compare(prefix + "inter_score", score.interScore());
        compare(prefix + "score", score.score());
    }

    private void correlations(String prefix, String kind, List<Fod.Correlation> correlations) {
        for (int layer = 0; layer < correlations.size(); layer++) {
            String name = prefix + "layer" + layer + '_' + kind + '_';
            compare(name + "corr", rows(prefix, correlations.get(layer).actual()));
            compare(name + "target", rows(prefix, correlations.get(layer).target()));
            compare(name + "target_raw", rows(prefix, correlations.get(layer).raw()));
        }
    }

    /** The rows that the folder keeps of a correlation. */
    private NDArray rows(String prefix, NDArray correlation) {
        HostTensor kept = cases.get(prefix + "rows");
        if (kept == null) {
            return correlation;
        }
        claimed.add(prefix + "rows");
        return correlation.take(correlation.getManager(), indices(correlation, kept.toArray(correlation.getManager())));
    }

    /** Places of whole rows in a correlation read as one line. */
    private static NDArray indices(NDArray correlation, NDArray rows) {
        NDManager manager = correlation.getManager();
        long length = correlation.getShape().get(3);
        long heads = correlation.getShape().get(1);
        NDArray places = rows.mul(length)
                .reshape(1, 1, -1, 1)
                .add(manager.arange(0, (int) heads, 1, DataType.INT64)
                        .mul(length * correlation.getShape().get(2))
                        .reshape(1, -1, 1, 1));
        return places.add(manager.arange(0, (int) length, 1, DataType.INT64).reshape(1, 1, 1, -1));
    }

    private void training(Map<String, NDArray> arrays, List<NDArray> references, NDManager manager) throws IOException {
        Map<String, HostTensor> gradients = optional("grads.safetensors");
        Map<String, HostTensor> after = optional("after_step.safetensors");
        Map<String, HostTensor> afterOne = optional("after_single_step.safetensors");
        double rate = config.path("lr").asDouble(1e-4);
        for (int level = 0; level < sizes.levels().size(); level++) {
            Map<String, NDArray> own = new TreeMap<>();
            String prefix = level + ".";
            arrays.forEach((name, array) -> {
                if (name.startsWith(prefix) && !name.contains("out_projection")) {
                    array.setRequiresGradient(true);
                    own.put(name, array);
                }
            });
            NDArray tokens = Fod.tokens(features("train/", level, manager));
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                FodLoss loss = FodLoss.of(new Fod(sizes, arrays).forward(level, tokens, references.get(level)));
                losses("train/level" + level + '/', loss);
                collector.backward(loss.total());
            }
            Map<String, float[]> found = new TreeMap<>();
            own.forEach((name, array) -> found.put(name, array.getGradient().toFloatArray()));
            gradients.forEach((name, expected) -> {
                if (name.startsWith(prefix)) {
                    report.compare(
                            "grads/" + name,
                            expected.floats(),
                            found.get(name),
                            NO_GRADIENT + RELATIVE * largest(expected));
                }
            });
            AdamW optimizer = AdamW.plain(own, manager);
            optimizer.update(1, rate, manager);
            stepped("after_single_step/", afterOne, own, found, rate);
            // The reference's one optimiser steps once a level: gradients of levels already done are zeros by then.
            for (int again = level + 1; again < sizes.levels().size(); again++) {
                optimizer.update(again - level + 1, rate, manager);
            }
            stepped("after_step/", after, own, found, rate);
        }
    }

    private void losses(String prefix, FodLoss loss) {
        compare(prefix + "loss_intra1", loss.intraCorrelation());
        compare(prefix + "loss_intra2", loss.intraTarget());
        compare(prefix + "loss_intra_entropy", loss.intraEntropy());
        compare(prefix + "loss_inter1", loss.interCorrelation());
        compare(prefix + "loss_inter2", loss.interTarget());
        compare(prefix + "loss_inter_entropy", loss.interEntropy());
        compare(prefix + "loss_rec", loss.rebuilding());
        compare(prefix + "loss1", loss.first());
        compare(prefix + "loss2", loss.second());
    }

    private void stepped(
            String prefix,
            Map<String, HostTensor> expected,
            Map<String, NDArray> own,
            Map<String, float[]> gradients,
            double rate) {
        own.forEach((name, array) -> {
            if (expected.containsKey(name)) {
                float[] after = expected.get(name).floats();
                float[] ours = array.toFloatArray();
                float[] gradient = gradients.get(name);
                for (int i = 0; i < ours.length; i++) {
                    // Where there is no gradient the step is noise: it is left out.
                    ours[i] = Math.abs(gradient[i]) < NO_GRADIENT ? after[i] : ours[i];
                }
                report.compare(prefix + name, after, ours, OF_A_STEP * rate);
            }
        });
    }

    private Map<String, HostTensor> optional(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Safetensors.read(path) : Map.of();
    }

    /** Compares a figure of ours, if the folder has it. */
    private void compare(String name, NDArray ours) {
        HostTensor expected = cases.get(name);
        if (expected != null) {
            claimed.add(name);
            report.compare(
                    name,
                    expected.floats(),
                    ours == null ? null : ours.toFloatArray(),
                    ABSOLUTE + RELATIVE * largest(expected));
        }
    }

    private static double largest(HostTensor expected) {
        double largest = 0;
        for (float value : expected.floats()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
