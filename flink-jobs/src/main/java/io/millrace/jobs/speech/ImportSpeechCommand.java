package io.millrace.jobs.speech;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.speech.nemo.NemoImport;
import io.millrace.models.torch.EngineSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Imports a NeMo checkpoint of a cache-aware FastConformer. */
@Command(
        name = "speech",
        description = "Make a speech model of a NeMo checkpoint (.nemo) of a hybrid cache-aware FastConformer."
                + " Nothing in the file is executed.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace import speech --checkpoint model.nemo --out models/speech"})
public final class ImportSpeechCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--checkpoint", required = true, paramLabel = "FILE", description = "The .nemo file.")
    private Path checkpoint;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the model.")
    private Path out;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the model (default: ${DEFAULT-VALUE}).",
            defaultValue = "speech-imported")
    private String name;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        EngineSettings.singleThreaded().apply();
        NemoImport.Report report;
        try {
            report = NemoImport.run(checkpoint, out, name);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "not there: " + e.getFile(), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            print.println(new ObjectMapper().writeValueAsString(report));
        } else {
            print.printf(
                    java.util.Locale.ROOT,
                    "%s: %,d parameters, %d tokens, look-ahead %s frames, written to %s%n",
                    report.model(),
                    report.parameters(),
                    report.tokens(),
                    report.lookAheads(),
                    out);
            print.println("missing: none");
            print.println(
                    "unexpected: " + (report.unexpected().isEmpty() ? "none" : String.join(", ", report.unexpected())));
        }
        print.flush();
        return CommandLine.ExitCode.OK;
    }
}
