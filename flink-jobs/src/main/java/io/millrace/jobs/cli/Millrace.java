package io.millrace.jobs.cli;

import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

import io.millrace.jobs.config.Durations;
import io.millrace.jobs.stage.StageCatalogue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: {@code millrace COMMAND}. */
@Command(
        name = "millrace",
        description = "Neural networks as stateful stream operators inside Apache Flink.",
        mixinStandardHelpOptions = true,
        versionProvider = Millrace.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:", "  millrace demo --duration 60s", "Help for a command: millrace help COMMAND"})
public final class Millrace implements Runnable {

    private static final Pattern CLASS_NAME = Pattern.compile("(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ");

    /** Adds commands of modules that stand above this one, found through {@link ServiceLoader}. */
    public interface CommandProvider {
        /** Commands to add to the root command. */
        List<Object> commands();
    }

    /** Version of the build. */
    public static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Millrace.class.getPackage().getImplementationVersion();
            return new String[] {"millrace " + (version == null ? "development" : version)};
        }
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show what the parts log.")
    void verbose(boolean wanted) {
        if (wanted) {
            Configurator.setRootLevel(Level.INFO);
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? See millrace --help");
    }

    /** The command line with all its commands. */
    public static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Millrace());
        CommandLine help = new CommandLine(new CommandLine.HelpCommand());
        help.getCommandSpec().usageMessage().footer("", "Examples:", "  millrace help run");
        root.addSubcommand(help);
        for (Object command : Commands.of(StageCatalogue.found())) {
            root.addSubcommand(command);
        }
        for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            provider.commands().forEach(root::addSubcommand);
        }
        root.setParameterExceptionHandler(Millrace::wrongArgument);
        root.setExecutionExceptionHandler(Millrace::failure);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.registerConverter(java.time.Duration.class, Durations::parse);
        return root;
    }

    private static int wrongArgument(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr()
                .println(command.getCommandSpec().qualifiedName() + ": "
                        + wrong.getMessage().lines().findFirst().orElse("wrong argument"));
        command.getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int failure(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof CommandLine.ParameterException wrong) {
            return wrongArgument(wrong, new String[0]);
        }
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + message(failure));
        if (System.getenv("MILLRACE_TRACE") != null) {
            failure.printStackTrace(command.getErr());
        }
        command.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The first thing that is said in words: not by a wrapper that repeats its cause, and without names of classes. */
    static String message(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause.getMessage() == null
                        || cause.getMessage().equals(cause.getCause().toString()))) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null
                ? cause.toString()
                : CLASS_NAME.matcher(cause.getMessage()).replaceAll("");
    }

    public static void main(String[] arguments) {
        int code = commandLine().execute(arguments);
        System.out.flush();
        System.exit(code);
    }
}
