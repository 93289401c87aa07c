package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.parity.FastConformerParity;
import io.millrace.models.parity.FlowTransformerParity;
import io.millrace.models.parity.ParityReport;
import io.millrace.models.torch.EngineSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds our networks against figures of their reference implementations. */
@Command(
        name = "parity",
        description = "Hold a network against figures of its reference implementation.",
        mixinStandardHelpOptions = true,
        subcommands = {ParityCommand.FlowTransformer.class, ParityCommand.FastConformer.class},
        footer = {"", "Examples:", "  millrace parity flowtransformer fixtures/flowtransformer --json"})
public final class ParityCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "name a network: "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }

    /** Runs every case of a folder of FlowTransformer figures. */
    @Command(
            name = "flowtransformer",
            description = "Hold FlowTransformer against a folder of weights, inputs and expected figures.",
            footer = {"", "Examples:", "  millrace parity flowtransformer fixtures/flowtransformer --json"})
    public static final class FlowTransformer extends OfNetwork {
        @Override
        ParityReport run(Path folder) throws IOException {
            return FlowTransformerParity.run(folder);
        }
    }

    /** Runs every case of a folder of FastConformer figures. */
    @Command(
            name = "fastconformer",
            description =
                    "Hold FastConformer (front end, encoder, streaming, heads, losses) against a folder of weights,"
                            + " inputs and expected figures.",
            footer = {"", "Examples:", "  millrace parity fastconformer fixtures/fastconformer --json"})
    public static final class FastConformer extends OfNetwork {
        @Override
        ParityReport run(Path folder) throws IOException {
            return FastConformerParity.run(folder);
        }
    }

    /** What the commands of all networks have in common. */
    @Command(
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {"0:every case within its tolerance", "1:a case outside", "2:no such folder or wrong use"})
    abstract static class OfNetwork implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "DIR", description = "Folder with config.json and *.safetensors.")
        private Path folder;

        @Option(names = "--json", description = "Print one JSON object with every case.")
        private boolean json;

        abstract ParityReport run(Path folder) throws IOException;

        @Override
        public final Integer call() throws IOException {
            EngineSettings.singleThreaded().apply();
            ParityReport report;
            try {
                report = run(folder);
            } catch (NoSuchFileException e) {
                throw new ParameterException(spec.commandLine(), "not there: " + e.getFile(), e);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(new ObjectMapper().writeValueAsString(report));
            } else {
                report.cases()
                        .forEach((name, result) -> out.printf(
                                java.util.Locale.ROOT,
                                "%-5s %.2e of %.0e  %s%n",
                                result.holds() ? "ok" : "FAIL",
                                result.maxAbsDiff(),
                                result.tolerance(),
                                name));
                out.printf(
                        java.util.Locale.ROOT,
                        "%d cases, largest difference %.2e%n",
                        report.cases().size(),
                        report.maxAbsDiff());
            }
            out.flush();
            return report.holds() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }
}
