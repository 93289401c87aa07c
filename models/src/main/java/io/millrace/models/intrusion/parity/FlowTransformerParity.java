package io.millrace.models.intrusion.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.intrusion.reference.Gpt3EncoderBlock;
import io.millrace.models.intrusion.reference.ReferenceConfig;
import io.millrace.models.intrusion.reference.ReferenceFlowTransformer;
import io.millrace.models.parity.ParityReport;
import io.millrace.models.torch.EngineCheck;

/**
 * Holds our FlowTransformer against figures of the reference implementation: a folder with {@code config.json}, {@code
 * weights.safetensors}, {@code cases.safetensors}, and optionally {@code grads.safetensors} and {@code table.csv}.
 *
 * <p>Tolerances are absolute: probabilities and losses 1e-5, outputs of layers 2e-5, gradients 1e-5, numeric
 * pre-processing 2e-6; ids and masks must be equal.
 */
public final class FlowTransformerParity {

    private static final double PROBABILITY = 1e-5;
    private static final double LAYER = 2e-5;
    private static final double GRADIENT = 1e-5;
    private static final float CLIP = 1e-7f;

    private final Path folder;
    private final JsonNode config;
    private final Map<String, HostTensor> weights;
    private final Map<String, HostTensor> cases;
    private final Map<String, HostTensor> gradients;
    private final ParityReport report = new ParityReport();

    private FlowTransformerParity(Path folder) throws IOException {
        this.folder = folder;
        this.config = new ObjectMapper().readTree(Files.readString(folder.resolve("config.json")));
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
        FlowTransformerParity parity = new FlowTransformerParity(folder);
        parity.models();
        parity.gpt3();
        if (parity.config.has("preprocessing") && Files.exists(folder.resolve("table.csv"))) {
            new PreprocessingParity(parity.config.path("preprocessing"), parity.cases, parity.report)
                    .run(parity.folder.resolve("table.csv"));
        }
        parity.parameterCounts();
        parity.unclaimed();
        return parity.report;
    }

    private void models() {
        for (Map.Entry<String, JsonNode> model : config.path("models").properties()) {
            ReferenceConfig sizes = ParityConfigs.model(config, model.getValue());
            Map<String, HostTensor> own = Safetensors.below(model.getKey(), weights);
            KerasNames names = new KerasNames(own.keySet());
            try (NDManager manager = NDManager.newBaseManager()) {
                ReferenceFlowTransformer network = new ReferenceFlowTransformer(sizes);
                network.load(manager, names.canonical(own));
                run(model.getKey(), network, names, manager);
            }
            if (model.getValue().has("parameters")) {
                report.compare(
                        model.getKey() + "/parameters",
                        new long[] {model.getValue().path("parameters").asLong()},
                        new long[] {sizes.parameterCount()});
            }
        }
    }

    private void run(String name, ReferenceFlowTransformer network, KerasNames names, NDManager manager) {
        NDList inputs = new NDList(cases.get("inputs/numeric").toArray(manager));
        if (cases.containsKey("inputs/ids")) {
            inputs.add(cases.get("inputs/ids").toArray(manager));
        }
        NDArray labels = cases.get("inputs/labels").toArray(manager);
        Map<String, NDArray> trace = new HashMap<>();
        Map<String, HostTensor> expectedGradients = Safetensors.below(name, gradients);
        ParameterStore store = new ParameterStore(manager, false);
        NDArray probability;
        NDArray loss;
        if (expectedGradients.isEmpty()) {
            probability = network.forward(store, inputs, false, trace).get(0);
            loss = crossEntropy(probability, labels);
        } else {
            network.getParameters()
                    .values()
                    .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                probability = network.forward(store, inputs, false, trace).get(0);
                loss = crossEntropy(probability, labels);
                collector.backward(loss);
            }
            expectedGradients.forEach((path, expected) -> {
                var parameter = network.getParameters().get(names.canonical(path));
                report.compare(
                        "grads/" + name + "/" + path,
                        expected.floats(),
                        parameter == null
                                ? null
                                : parameter.getArray().getGradient().toFloatArray(),
                        GRADIENT);
            });
        }
        for (Map.Entry<String, HostTensor> expected :
                Safetensors.below(name, cases).entrySet()) {
            String what = expected.getKey();
            String id = name + "/" + what;
            if (what.equals("probability")) {
                report.compare(id, expected.getValue().floats(), probability.toFloatArray(), PROBABILITY);
            } else if (what.equals("bce")) {
                report.compare(id, expected.getValue().floats(), loss.toFloatArray(), PROBABILITY);
            } else if (what.startsWith("debug_")) {
                NDArray layer = find(trace, names.canonical(what.substring("debug_".length())));
                report.compare(id, expected.getValue().floats(), layer == null ? null : layer.toFloatArray(), LAYER);
            }
        }
    }

    private static NDArray find(Map<String, NDArray> trace, String layer) {
        NDArray found = trace.get(layer);
        return found != null ? found : trace.get(layer.replaceFirst("_\\d+$", ""));
    }

    /** Mean binary cross-entropy with the probability clipped to [1e-7, 1 - 1e-7]. */
    private static NDArray crossEntropy(NDArray probability, NDArray labels) {
        NDArray p = probability.clip(CLIP, 1 - CLIP);
        NDArray attack = labels.mul(p.log());
        NDArray benign = labels.mul(-1).add(1).mul(p.mul(-1).add(1).log());
        return attack.add(benign).mean().mul(-1);
    }

    private void gpt3() {
        if (!cases.containsKey("gpt3block/input")) {
            return;
        }
        Map<String, HostTensor> own = Safetensors.below("gpt3block", weights);
        String prefix = own.keySet().iterator().next();
        prefix = prefix.substring(0, prefix.indexOf('/'));
        Map<String, HostTensor> below = Safetensors.below(prefix, own);
        KerasNames names = new KerasNames(below.keySet());
        try (NDManager manager = NDManager.newBaseManager()) {
            Gpt3EncoderBlock block = new Gpt3EncoderBlock(
                    names.canonical(below),
                    config.path("gpt3block").path("heads").asInt(),
                    manager);
            NDArray input = cases.get("gpt3block/input").toArray(manager);
            compareLayer("gpt3block/output", block.forward(input, null));
            HostTensor mask = cases.get("gpt3block/causal_mask");
            if (mask != null) {
                compareLayer("gpt3block/output_causal", block.forward(input, mask.toArray(manager)));
            }
        }
    }

    private void compareLayer(String name, NDArray ours) {
        HostTensor expected = cases.get(name);
        if (expected != null) {
            report.compare(name, expected.floats(), ours.toFloatArray(), LAYER);
        }
    }

    private void parameterCounts() {
        for (Map.Entry<String, JsonNode> count :
                config.path("demo_parameter_counts").properties()) {
            ParityConfigs.demo(count.getKey())
                    .ifPresent(sizes -> report.compare(
                            "demo_parameter_counts/" + count.getKey(),
                            new long[] {count.getValue().asLong()},
                            new long[] {sizes.parameterCount()}));
        }
    }

    /** A tensor that nothing was held against is a failure, not a silence. */
    private void unclaimed() {
        List<String> left = new ArrayList<>(cases.keySet());
        left.removeAll(report.cases().keySet());
        left.removeIf(name ->
                name.startsWith("inputs/") || name.equals("gpt3block/input") || name.equals("gpt3block/causal_mask"));
        left.forEach(name -> report.compare(name, new float[1], null, 0));
    }
}
