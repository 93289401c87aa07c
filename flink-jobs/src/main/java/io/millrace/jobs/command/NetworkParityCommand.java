package io.millrace.jobs.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.parity.ParityReport;
import io.millrace.models.torch.EngineSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds a network against figures of its reference implementation: what the commands of all networks have in common. */
@Command(
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every case within its tolerance", "1:a case outside", "2:no such folder or wrong use"})
public abstract class NetworkParityCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "Folder with config.json and *.safetensors.")
    private Path folder;

    @Option(names = "--json", description = "Print one JSON object with every case.")
    private boolean json;

    /** Runs every case of a folder. */
    protected abstract ParityReport run(Path folder) throws IOException;

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
