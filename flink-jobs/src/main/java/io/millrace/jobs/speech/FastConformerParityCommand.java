package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Path;

import io.millrace.jobs.command.NetworkParityCommand;
import io.millrace.models.parity.ParityReport;
import io.millrace.models.speech.parity.FastConformerParity;
import picocli.CommandLine.Command;

/** {@code millrace parity fastconformer}: runs every case of a folder of figures. */
@Command(
        name = "fastconformer",
        description = "Hold FastConformer (front end, encoder, streaming, heads, losses) against a folder of weights,"
                + " inputs and expected figures.",
        footer = {"", "Examples:", "  millrace parity fastconformer fixtures/fastconformer --json"})
public final class FastConformerParityCommand extends NetworkParityCommand {

    @Override
    protected ParityReport run(Path folder) throws IOException {
        return FastConformerParity.run(folder);
    }
}
