package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.nio.file.Path;

import io.millrace.jobs.command.NetworkParityCommand;
import io.millrace.models.intrusion.parity.FlowTransformerParity;
import io.millrace.models.parity.ParityReport;
import picocli.CommandLine.Command;

/** {@code millrace parity flowtransformer}: runs every case of a folder of figures. */
@Command(
        name = "flowtransformer",
        description = "Hold FlowTransformer against a folder of weights, inputs and expected figures.",
        footer = {"", "Examples:", "  millrace parity flowtransformer fixtures/flowtransformer --json"})
public final class FlowTransformerParityCommand extends NetworkParityCommand {

    @Override
    protected ParityReport run(Path folder) throws IOException {
        return FlowTransformerParity.run(folder);
    }
}
