package io.millrace.jobs.intrusion;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import io.millrace.connectors.suricata.EveFlowParser;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace collect eve}: reads the flows of a log. */
@Command(
        name = "eve",
        description = {
            "Reads the flows of a Suricata EVE log (events flow and netflow), plain or gzip.",
            "Other events are left aside and counted.",
            "Exit code: 0 if all was read, 1 if lines were skipped or a file breaks off (the others are read)."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace collect eve --input eve.json --json"})
public final class CollectEveCommand implements Callable<Integer> {
    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Logs to read, in order.")
    private List<Path> inputs;

    @Option(names = "--follow", description = "Wait for what is appended to the one log, until interrupted.")
    private boolean follow;

    @Option(
            names = "--sensor",
            paramLabel = "NAME",
            defaultValue = "suricata",
            description = "Name of the probe in the flows (default: ${DEFAULT-VALUE}).")
    private String sensor;

    @Mixin
    private FlowDestination output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        return new LogCollection(inputs, follow, output, spec).run(() -> new EveFlowParser(sensor));
    }
}
