package io.millrace.jobs.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace serve}: endpoints that clients connect to. */
@Command(
        name = "serve",
        description = "Listens for clients, passes their input to Kafka and sends them what a job makes of it.",
        subcommands = ServeSpeechCommand.class,
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace serve speech --bootstrap localhost:9092 --registry http://localhost:8081"
        })
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to serve: speech");
    }
}
