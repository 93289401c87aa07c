package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import io.millrace.jobs.demo.Demo;
import io.millrace.jobs.demo.DemoStage;
import io.millrace.jobs.demo.DemoView;
import io.millrace.jobs.demo.Demonstration;
import io.millrace.jobs.stage.Stage;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.schemas.Topic;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace demo}: the whole system on this machine, with simulated traffic or your own. */
@Command(
        name = "demo",
        description = "Starts broker, registry, Flink, traffic, and the jobs of the stages on this machine.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace demo --duration 60s --rate 500",
            "  millrace demo --only intrusion --listen 127.0.0.1:2055",
            "  millrace demo --only speech --listen-audio 127.0.0.1:2700"
        })
final class DemoCommand implements Callable<Integer> {

    private final Map<String, Demonstration> demonstrations;
    private final List<Topic<?>> topics;

    @Spec
    private CommandSpec spec;

    @Option(names = "--duration", description = "How long to run, for example 60s; without it, until Ctrl-C.")
    private Duration duration;

    @Option(
            names = "--only",
            paramLabel = "STAGE",
            description = "Show one stage alone (default: all that can be shown).")
    private String only;

    @Option(names = "--seed", defaultValue = "7", description = "Seed of the traffic (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--dashboard-port",
            defaultValue = "0",
            description = "Port of Flink's dashboard (default: a free one).")
    private int dashboardPort;

    @Option(names = "--parallelism", defaultValue = "1", description = "Subtasks (default: ${DEFAULT-VALUE}).")
    private int parallelism;

    private DemoCommand(Map<String, Demonstration> demonstrations, List<Topic<?>> topics) {
        this.demonstrations = demonstrations;
        this.topics = topics;
    }

    /** The command with the options of what the stages show. */
    static CommandLine of(StageCatalogue stages) {
        Map<String, Demonstration> demonstrations = new LinkedHashMap<>();
        for (Stage<?> stage : stages.stages()) {
            stage.demonstration().ifPresent(shown -> demonstrations.put(stage.name(), shown));
        }
        CommandLine line = new CommandLine(new DemoCommand(demonstrations, stages.topics()));
        demonstrations.forEach(
                (name, shown) -> line.getCommandSpec().addMixin(name, CommandSpec.forAnnotatedObject(shown)));
        return line;
    }

    @Override
    public Integer call() throws Exception {
        if (duration != null && (duration.isZero() || duration.toDays() > 30)) {
            throw wrong("--duration must be more than nothing and at most 30d");
        }
        if (dashboardPort < 0 || dashboardPort > 65_535) {
            throw wrong("--dashboard-port must be 0 to 65535, got " + dashboardPort);
        }
        if (parallelism < 1 || parallelism > 64) {
            throw wrong("--parallelism must be 1 to 64, got " + parallelism);
        }
        Demo.Settings settings = new Demo.Settings(stages(), topics, dashboardPort, parallelism);
        return new DemoView(settings, duration, spec.commandLine().getOut(), System.console() != null).run();
    }

    /** The stages that the options ask for and this build can run. */
    List<DemoStage> stages() {
        if (only != null && !demonstrations.containsKey(only)) {
            throw wrong("--only must be one of " + String.join(", ", demonstrations.keySet()) + ", got " + only);
        }
        List<DemoStage> stages = new ArrayList<>();
        demonstrations.forEach((name, shown) -> {
            if (only == null || only.equals(name)) {
                shown.prepare(new Demonstration.Request(seed, name.equals(only), spec, this::tell))
                        .ifPresent(stages::add);
            }
        });
        return stages;
    }

    private void tell(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
