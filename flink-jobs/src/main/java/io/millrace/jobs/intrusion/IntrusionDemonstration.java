package io.millrace.jobs.intrusion;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.millrace.jobs.command.ListenAddress;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.demo.DemoStage;
import io.millrace.jobs.demo.Demonstration;
import io.millrace.operators.inference.FolderModelLoader;
import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.FlowScenario;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Flows, simulated or collected, in the demo. */
public final class IntrusionDemonstration implements Demonstration {

    /** A partition whose hosts are silent soon holds nothing back: few hosts may be all there are. */
    private static final Duration IDLE_AFTER = Duration.ofSeconds(10);

    /** Alerts close while one looks on. */
    private static final Duration QUIET = Duration.ofMinutes(2);

    @Option(names = "--rate", defaultValue = "200", description = "Flows a second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--attack",
            defaultValue = "all",
            description = "Kinds of attack in the traffic, or all, or none (default: ${DEFAULT-VALUE}).")
    private String attack;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = {
                "Take the NetFlow, IPFIX and sFlow that arrives here over UDP instead of simulated traffic.",
                "Flows within five minutes of the latest are judged when later ones arrive, or at the end."
            })
    private String listen;

    @Option(
            names = "--model",
            defaultValue = FolderModelLoader.SHIPPED,
            description = "Model directory of the intrusion job (default: the model that ships).")
    private String model;

    @Override
    public Optional<DemoStage> prepare(Request request) {
        if (!(rate >= 1 && rate <= 100_000)) {
            throw wrong(request, "--rate must be 1 to 100000, got " + rate);
        }
        if (!model.equals(FolderModelLoader.SHIPPED) && !Files.isDirectory(Path.of(model))) {
            throw wrong(request, "--model: there is no directory " + model);
        }
        return Optional.of(new IntrusionDemo(traffic(request), model));
    }

    private FlowTraffic traffic(Request request) {
        if (listen != null) {
            return FlowTraffic.collected(ListenAddress.parse(listen, "--listen", request.command()));
        }
        try {
            return FlowTraffic.simulated(
                    FlowScenario.builder().attacks(AttackKind.parseSet(attack)), rate, request.seed());
        } catch (IllegalArgumentException unknown) {
            throw wrong(request, "--attack: " + unknown.getMessage());
        }
    }

    /**
     * The settings of the demo's job.
     *
     * @param model model directory or {@code default}
     * @param disorder how far flows may be out of order; null for the default
     */
    public static IntrusionConfiguration settings(String model, Duration disorder) {
        Map<String, Object> settings =
                new HashMap<>(Map.of("model", model, "idle-after", IDLE_AFTER, "alerts", Map.of("close-after", QUIET)));
        if (disorder != null) {
            settings.put("disorder", disorder);
        }
        return ConfigurationReader.of(IntrusionConfiguration.class, settings);
    }

    private static ParameterException wrong(Request request, String message) {
        return new ParameterException(request.command().commandLine(), message);
    }
}
