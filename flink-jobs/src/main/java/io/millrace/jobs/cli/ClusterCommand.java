package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import io.millrace.jobs.cluster.ClusterOptions;
import io.millrace.jobs.cluster.ClusterWatch;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace cluster}: the processes of a Flink cluster whose class path holds Millrace. */
@Command(
        name = "cluster",
        description = "Starts a process of a Flink cluster that can run the stages.",
        subcommands = {ClusterCommand.JobManager.class, ClusterCommand.TaskManager.class},
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace cluster jobmanager -D rest.port=8088"})
public final class ClusterCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say which process to start: jobmanager or taskmanager");
    }

    /** Where the options of a process come from. */
    static final class Options {

        @Option(
                names = "--config",
                paramLabel = "DIR",
                description = "Folder with Flink's config.yaml; without it, defaults on the loopback interface.")
        private Path folder;

        @Option(
                names = "-D",
                paramLabel = "KEY=VALUE",
                description = "Flink option by its own name, before what the file says; may be repeated.")
        private Map<String, String> given = new LinkedHashMap<>();

        private Configuration read(CommandSpec spec) {
            Configuration options = Configuration.fromMap(given);
            if (folder == null) {
                return options;
            }
            try {
                return GlobalConfiguration.loadConfiguration(folder.toString(), options);
            } catch (IllegalConfigurationException wrong) {
                throw new ParameterException(spec.commandLine(), "--config: " + wrong.getMessage(), wrong);
            }
        }
    }

    /** {@code millrace cluster jobmanager}. */
    @Command(
            name = "jobmanager",
            description = "Starts a JobManager with its dashboard; runs until stopped.",
            mixinStandardHelpOptions = true,
            footer = {"", "Examples:", "  millrace cluster jobmanager --config conf -D rest.port=8088"})
    static final class JobManager implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Options options;

        @Override
        public Integer call() throws IOException {
            Configuration settings =
                    ClusterOptions.withTemporaryFolder(ClusterOptions.jobManager(options.read(spec)), "jobmanager");
            ClusterEntrypoint process = new StandaloneSessionClusterEntrypoint(settings);
            PrintWriter out = spec.commandLine().getErr();
            ClusterWatch.start(process, settings, line -> {
                out.println(line);
                out.flush();
            });
            // does not return: the process ends with the JobManager
            ClusterEntrypoint.runClusterEntrypoint(process);
            return 0;
        }
    }

    /** {@code millrace cluster taskmanager}. */
    @Command(
            name = "taskmanager",
            description = "Starts a TaskManager; runs until stopped.",
            mixinStandardHelpOptions = true,
            footer = {"", "Examples:", "  millrace cluster taskmanager --config conf -D taskmanager.numberOfTaskSlots=2"
            })
    static final class TaskManager implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Options options;

        @Override
        public Integer call() throws IOException {
            MemorySize heap = new MemorySize(Runtime.getRuntime().maxMemory());
            // does not return: the process ends with the TaskManager
            TaskManagerRunner.runTaskManagerProcessSecurely(ClusterOptions.withTemporaryFolder(
                    ClusterOptions.taskManager(options.read(spec), heap), "taskmanager"));
            return 0;
        }
    }
}
