package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.evaluation.IntrusionEvaluation;
import io.millrace.models.intrusion.training.IntrusionEvaluator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds an intrusion model against labelled flows. */
@Command(
        name = "intrusion",
        description = "Judges labelled flows with a trained model and says how well.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace evaluate intrusion --model nsl-model --format nsl-kdd --data KDDTest+.txt --json"
        })
public final class EvaluateIntrusionCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    IntrusionDataOptions flows;

    @Option(names = "--model", paramLabel = "DIR", description = "Model directory (default: the shipped model).")
    Path model;

    @Option(names = "--json", description = "Print one JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        IntrusionModel loaded;
        try {
            loaded = IntrusionModel.KIND.loadOrShipped(model);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--model: " + e.getMessage(), e);
        }
        if (loaded.profile() != flows.format.profile()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the model judges flows of profile " + loaded.profile().id() + ", not " + flows.format);
        }
        IntrusionEvaluation evaluation = new IntrusionEvaluator(loaded).evaluate(flows.readAll());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(toJson(evaluation));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%d flows: AUROC %.4f, average precision %.4f%nat threshold %.4f: F1 %.4f, detection rate %.4f, "
                            + "false-alarm rate %.4f, balanced accuracy %.4f, macro F1 over kinds %.4f%n%.0f flows/s%n",
                    evaluation.rows(),
                    evaluation.auroc(),
                    evaluation.averagePrecision(),
                    evaluation.threshold(),
                    evaluation.f1(),
                    evaluation.detectionRate(),
                    evaluation.falseAlarmRate(),
                    evaluation.balancedAccuracy(),
                    evaluation.macroF1(),
                    evaluation.flowsPerSecond());
            evaluation
                    .perKind()
                    .forEach((kind, found) ->
                            out.printf("%s: %d of %d flagged%n", kind, found.detected(), found.rows()));
        }
        out.flush();
        return 0;
    }

    /** One line of JSON; a metric that the flows do not allow (no attacks, no benign flows) is null. */
    static String toJson(IntrusionEvaluation evaluation) {
        ObjectNode object = new ObjectMapper().valueToTree(evaluation);
        object.properties().forEach(metric -> {
            if (metric.getValue().isDouble()
                    && !Double.isFinite(metric.getValue().doubleValue())) {
                metric.setValue(NullNode.instance);
            }
        });
        return object.toString();
    }
}
