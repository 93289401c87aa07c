package io.millrace.it;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.millrace.jobs.cli.Millrace;
import org.awaitility.Awaitility;

/** The command line as a process of its own, which can be asked to end as Ctrl-C does. */
public final class CommandProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;

    private CommandProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a command.
     *
     * @param folder for what it prints
     */
    public static CommandProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, List.of("-Xmx256m"), arguments);
    }

    /** Starts a command with these options of the virtual machine. */
    public static CommandProcess start(Path folder, List<String> machine, String... arguments) throws IOException {
        return start(Path.of(""), folder, machine, arguments);
    }

    /** Starts a command that finds its files in a working directory. */
    static CommandProcess startIn(Path directory, Path folder, String... arguments) throws IOException {
        return start(directory, folder, List.of("-Xmx1g"), arguments);
    }

    private static CommandProcess start(Path directory, Path folder, List<String> machine, String... arguments)
            throws IOException {
        // What a shell starts in the background ignores SIGINT, and so would all that it starts.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(machine);
        // module openings, as this process was given them
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(folder, "command", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new CommandProcess(process, log);
    }

    /** What the process reads as its standard input. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** The first line that begins so, as soon as there is one. */
    public String awaitLine(String beginning) {
        return Awaitility.await("a line that begins with '" + beginning + "'; there are " + log)
                .atMost(LIMIT)
                .failFast(
                        "the process ended without it",
                        () -> !process.isAlive() && line(beginning).isEmpty())
                .until(() -> line(beginning), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<String> line(String beginning) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst();
    }

    /** Sends SIGTERM and waits for the end. */
    public void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
    }

    /** Sends a signal by its name, such as INT. */
    public void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + process.pid())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -s " + name + " ended with " + code);
        }
    }

    /** Waits for the end; returns the exit code. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(2 * LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end; its output is in " + log);
        }
        return process.exitValue();
    }

    /** What it has printed. */
    public String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
