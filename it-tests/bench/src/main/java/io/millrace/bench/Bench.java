package io.millrace.bench;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.torch.EngineSettings;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A benchmark: a command below {@code bench}, found by {@link java.util.ServiceLoader}. It measures, and its figures are one
 * JSON object; how it goes is told on standard error.
 */
public abstract class Bench implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print one JSON object on one line.")
    private boolean json;

    /**
     * Measures.
     *
     * @return the figures, as they are printed
     * @throws IllegalArgumentException if an option does not fit
     */
    protected abstract Map<String, Object> measure() throws Exception;

    /** Prints figures for a person to read. */
    protected void print(Map<String, Object> figures, PrintWriter out) throws Exception {
        out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures));
    }

    @Override
    public final Integer call() throws Exception {
        EngineSettings.singleThreaded().apply();
        Map<String, Object> figures;
        try {
            figures = measure();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
        PrintWriter out = out();
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(figures));
        } else {
            print(figures, out);
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /** Whether nothing but the JSON object belongs on standard output. */
    protected final boolean isJson() {
        return json;
    }

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Refuses options that do not fit. */
    protected static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Tells how it goes. */
    protected final void progress(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}
