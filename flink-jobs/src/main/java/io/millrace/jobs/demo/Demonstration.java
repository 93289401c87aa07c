package io.millrace.jobs.demo;

import java.util.Optional;
import java.util.function.Consumer;

import org.apiguardian.api.API;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code millrace demo} can show of a stage: its fields are options of the command (picocli's annotations). */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Demonstration {

    /**
     * What the user asked for.
     *
     * @param seed seed of simulated traffic
     * @param alone whether this stage was named, so that nothing else would be shown without it
     * @param command the command, for errors
     * @param lines takes what is to be told
     */
    record Request(long seed, boolean alone, CommandSpec command, Consumer<String> lines) {}

    /**
     * The stage as its options say; empty, once that has been told, if this build cannot run it and nothing was asked for
     * that needs it: the rest is still worth seeing.
     *
     * @throws picocli.CommandLine.ParameterException if an option does not fit
     */
    Optional<DemoStage> prepare(Request request);
}
