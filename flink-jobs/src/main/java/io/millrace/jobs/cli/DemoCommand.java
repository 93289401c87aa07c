package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

import io.millrace.jobs.demo.Demo;
import io.millrace.jobs.demo.DemoTraffic;
import io.millrace.jobs.demo.DemoView;
import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.FlowScenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace demo}: the whole system on this machine, with simulated traffic or an exporter's. */
@Command(
        name = "demo",
        description = "Starts broker, registry, Flink, traffic and the intrusion job on this machine.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: millrace demo --duration 60s --rate 500",
            "         millrace demo --listen 127.0.0.1:2055"
        })
public final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--duration", description = "How long to run, for example 60s; without it, until Ctrl-C.")
    private Duration duration;

    @Option(names = "--rate", defaultValue = "200", description = "Flows a second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--seed", defaultValue = "7", description = "Seed of the traffic (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--attack",
            defaultValue = "all",
            description = "Kinds of attack in the traffic, or all, or none (default: ${DEFAULT-VALUE}).")
    private String attack;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = {
                "Take the NetFlow v5, v9 and IPFIX that arrives here over UDP instead of simulated traffic.",
                "Flows within five minutes of the latest are judged when later ones arrive, or at the end."
            })
    private String listen;

    @Option(
            names = "--model",
            defaultValue = "default",
            description = "Model directory (default: the model that ships).")
    private String model;

    @Option(
            names = "--dashboard-port",
            defaultValue = "0",
            description = "Port of Flink's dashboard (default: a free one).")
    private int dashboardPort;

    @Option(names = "--parallelism", defaultValue = "1", description = "Subtasks (default: ${DEFAULT-VALUE}).")
    private int parallelism;

    @Override
    public Integer call() throws Exception {
        if (duration != null && (duration.isZero() || duration.toDays() > 30)) {
            throw wrong("--duration must be more than nothing and at most 30d");
        }
        if (!(rate >= 1 && rate <= 100_000)) {
            throw wrong("--rate must be 1 to 100000, got " + rate);
        }
        if (dashboardPort < 0 || dashboardPort > 65_535) {
            throw wrong("--dashboard-port must be 0 to 65535, got " + dashboardPort);
        }
        if (parallelism < 1 || parallelism > 64) {
            throw wrong("--parallelism must be 1 to 64, got " + parallelism);
        }
        if (!model.equals("default") && !java.nio.file.Files.isDirectory(Path.of(model))) {
            throw wrong("--model: there is no directory " + model);
        }
        Demo.Settings settings = new Demo.Settings(traffic(), model, dashboardPort, parallelism);
        return new DemoView(settings, duration, spec.commandLine().getOut(), System.console() != null).run();
    }

    private DemoTraffic traffic() {
        if (listen != null) {
            return DemoTraffic.collected(ListenAddress.parse(listen, "--listen", spec));
        }
        try {
            return DemoTraffic.simulated(FlowScenario.builder().attacks(AttackKind.parseSet(attack)), rate, seed);
        } catch (IllegalArgumentException unknown) {
            throw wrong("--attack: " + unknown.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
