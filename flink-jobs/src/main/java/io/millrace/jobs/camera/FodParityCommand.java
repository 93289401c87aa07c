package io.millrace.jobs.camera;

import java.io.IOException;
import java.nio.file.Path;

import io.millrace.jobs.command.NetworkParityCommand;
import io.millrace.models.camera.parity.FodParity;
import io.millrace.models.parity.ParityReport;
import picocli.CommandLine.Command;

/** {@code millrace parity fod}: runs every case of a folder of figures. */
@Command(
        name = "fod",
        description =
                "Hold FOD (network, scores, maps, losses, gradients, a step of training) against a folder of weights,"
                        + " inputs and expected figures.",
        footer = {"", "Examples:", "  millrace parity fod fixtures/fod --json"})
public final class FodParityCommand extends NetworkParityCommand {

    @Override
    protected ParityReport run(Path folder) throws IOException {
        return FodParity.run(folder);
    }
}
