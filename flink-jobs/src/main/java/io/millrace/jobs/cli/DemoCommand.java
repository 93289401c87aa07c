package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.millrace.jobs.demo.Demo;
import io.millrace.jobs.demo.DemoStage;
import io.millrace.jobs.demo.DemoView;
import io.millrace.jobs.demo.FlowTraffic;
import io.millrace.jobs.demo.IntrusionStage;
import io.millrace.jobs.demo.SpeechStage;
import io.millrace.operators.speech.SpeechModelLoader;
import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.FlowScenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace demo}: the whole system on this machine, with simulated traffic or your own. */
@Command(
        name = "demo",
        description = "Starts broker, registry, Flink, traffic, and the intrusion and speech jobs on this machine.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace demo --duration 60s --rate 500",
            "  millrace demo --only intrusion --listen 127.0.0.1:2055",
            "  millrace demo --only speech --listen-audio 127.0.0.1:2700"
        })
public final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--duration", description = "How long to run, for example 60s; without it, until Ctrl-C.")
    private Duration duration;

    /** A job of the demo. */
    enum Stage {
        INTRUSION,
        SPEECH
    }

    @Option(names = "--only", description = "Run one job alone: intrusion or speech (default: both).")
    private Stage only;

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
                "Take the NetFlow, IPFIX and sFlow that arrives here over UDP instead of simulated traffic.",
                "Flows within five minutes of the latest are judged when later ones arrive, or at the end."
            })
    private String listen;

    @Option(
            names = "--model",
            defaultValue = "default",
            description = "Model directory of the intrusion job (default: the model that ships).")
    private String model;

    @Option(
            names = "--streams",
            defaultValue = "6",
            description = "Simulated calls at a time (default: ${DEFAULT-VALUE}); 0 with --listen-audio for live ones"
                    + " alone.")
    private int streams;

    @Option(
            names = "--listen-audio",
            paramLabel = "HOST:PORT",
            description = {
                "Hear live audio too, which arrives here over WebSocket in the messages of Vosk's server;",
                "port 0 takes a free one."
            })
    private String listenAudio;

    @Option(
            names = "--speech-model",
            paramLabel = "DIR",
            defaultValue = "default",
            description = "Model directory of the speech job (default: the model that ships).")
    private String speechModel;

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
        Demo.Settings settings = new Demo.Settings(stages(), dashboardPort, parallelism);
        return new DemoView(settings, duration, spec.commandLine().getOut(), System.console() != null).run();
    }

    /** The stages that the options ask for and this build can run. */
    List<DemoStage> stages() {
        List<DemoStage> stages = new ArrayList<>();
        if (only != Stage.SPEECH) {
            stages.add(new IntrusionStage(traffic(), model));
        }
        if (only != Stage.INTRUSION) {
            speech().ifPresent(stages::add);
        }
        return stages;
    }

    /** Empty if this build has no model and nothing was asked for that needs one: the rest is still worth seeing. */
    private Optional<DemoStage> speech() {
        if (streams < (listenAudio == null ? 1 : 0) || streams > 1000) {
            throw wrong("--streams must be 1 to 1000, or 0 with --listen-audio, got " + streams);
        }
        InetSocketAddress address =
                listenAudio == null ? null : ListenAddress.parse(listenAudio, "--listen-audio", spec);
        try {
            SpeechModelLoader.read(speechModel);
        } catch (IOException | IllegalArgumentException none) {
            if (only == Stage.SPEECH || listenAudio != null || !speechModel.equals(SpeechModelLoader.SHIPPED)) {
                throw wrong("speech cannot be heard: " + none.getMessage());
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println("Without speech: " + none.getMessage());
            out.flush();
            return Optional.empty();
        }
        return Optional.of(new SpeechStage(new SpeechStage.Settings(speechModel, streams, seed, address)));
    }

    private FlowTraffic traffic() {
        if (listen != null) {
            return FlowTraffic.collected(ListenAddress.parse(listen, "--listen", spec));
        }
        try {
            return FlowTraffic.simulated(FlowScenario.builder().attacks(AttackKind.parseSet(attack)), rate, seed);
        } catch (IllegalArgumentException unknown) {
            throw wrong("--attack: " + unknown.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
