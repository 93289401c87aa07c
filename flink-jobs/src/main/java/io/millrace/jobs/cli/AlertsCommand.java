package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.jobs.command.ConnectionOptions;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.schemas.Alert;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace alerts}: reads the alerts of a stage. */
@Command(
        name = "alerts",
        description = "Prints the alerts of a stage, one revision a line.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace alerts --follow --bootstrap localhost:9092 --registry http://localhost:8081"
        })
public final class AlertsCommand implements Callable<Integer> {

    private static final String ALERTS = "alerts";

    private final StageCatalogue stages;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConnectionOptions kafka;

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            defaultValue = "intrusion",
            description = "Stage whose alerts are read, such as intrusion or speech (default: ${DEFAULT-VALUE}).")
    private String stage;

    @Option(names = "--topic", description = "Topic (default: the stage's of the catalogue).")
    private String topic;

    @Option(names = "--follow", description = "Go on with alerts as they come, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--json", description = "Print each revision as one JSON object.")
    private boolean json;

    AlertsCommand(StageCatalogue stages) {
        this.stages = stages;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        String from = topic == null ? stageTopic() : topic;
        Connection connection = kafka.connectionOrLocal(spec).checked();
        int undecodable = 0;
        try (AvroTopicReader<Alert> reader = new AvroTopicReader<>(
                Alert.class,
                from,
                connection.bootstrap(),
                connection.registry(),
                AvroTopicReader.From.EARLIEST,
                connection.properties())) {
            Thread stop = new Thread(reader::wakeup, "alerts stop");
            Runtime.getRuntime().addShutdownHook(stop);
            undecodable += print(reader.readToEnd(), out);
            while (follow && !out.checkError()) {
                undecodable += print(reader.poll(Duration.ofSeconds(1)), out);
            }
            Runtime.getRuntime().removeShutdownHook(stop);
        }
        if (undecodable > 0) {
            spec.commandLine().getErr().println("alerts: " + undecodable + " records are no alerts");
        }
        return 0;
    }

    private String stageTopic() {
        return stages.topic(stage, ALERTS)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--stage: no stage " + stage + " gives alerts; those that do: "
                                + stages.names().stream()
                                        .filter(name ->
                                                stages.topic(name, ALERTS).isPresent())
                                        .collect(Collectors.joining(", "))))
                .name();
    }

    private int print(List<Decoded<Alert>> records, PrintWriter out) {
        int undecodable = 0;
        for (Decoded<Alert> record : records) {
            if (record.isValue()) {
                out.println(json ? record.value().toString() : line(record.value()));
            } else {
                undecodable++;
            }
        }
        out.flush();
        return undecodable;
    }

    private static String line(Alert alert) {
        return String.format(
                Locale.ROOT,
                "%s  %-8s %-13s %s  [%s r%d]",
                alert.getWindowEnd(),
                alert.getStatus(),
                alert.getSeverity(),
                alert.getSummary(),
                alert.getAlertId().substring(0, 8),
                alert.getRevision());
    }
}
