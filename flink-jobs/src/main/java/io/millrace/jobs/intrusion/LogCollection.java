package io.millrace.jobs.intrusion;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

import io.millrace.connectors.flow.FlowLineParser;
import io.millrace.connectors.flow.FlowLog;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.flow.KindCounts;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Reads flow logs into a sink and says on standard error what was read and what was skipped. */
final class LogCollection {
    private static final long POLL_MILLIS = 200;
    private static final long SHOWN_ERRORS = 10;

    private final List<Path> inputs;
    private final boolean follow;
    private final FlowDestination output;
    private final CommandSpec spec;
    private final AtomicLong flows = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final KindCounts aside = new KindCounts();
    private int broken;

    LogCollection(List<Path> inputs, boolean follow, FlowDestination output, CommandSpec spec) {
        this.inputs = inputs;
        this.follow = follow;
        this.output = output;
        this.spec = spec;
    }

    /** Reads the logs; 0 if all of them could be read whole, 1 if something was lost. */
    int run(Supplier<FlowLineParser> parsers) throws Exception {
        List<Path> unreadable = inputs.stream()
                .filter(input -> !Files.isRegularFile(input) || !Files.isReadable(input))
                .toList();
        if (unreadable.size() == inputs.size()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--input " + unreadable.get(0) + " is not a file that can be read");
        }
        if (follow && inputs.size() > 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--follow takes a single --input");
        }
        PrintWriter log = spec.commandLine().getErr();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch stopped = new CountDownLatch(1);
        try (FlowSink sink = output.open(spec)) {
            if (follow) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    stop.set(true);
                    awaitQuietly(stopped);
                }));
            }
            for (Path input : inputs) {
                if (unreadable.contains(input)) {
                    broken++;
                    log.println(input + ": not a file that can be read");
                } else {
                    read(input, parsers, sink, log, stop);
                }
            }
            sink.close();
            log.println(totals());
            log.flush();
        } finally {
            stopped.countDown();
        }
        return broken > 0 || skipped.get() > 0 ? 1 : 0;
    }

    private String totals() {
        StringBuilder line = new StringBuilder("read " + flows + " flows, skipped " + skipped + " lines");
        Map<String, Long> kinds = aside.counts();
        if (!kinds.isEmpty()) {
            line.append(", left aside ")
                    .append(kinds.values().stream().mapToLong(Long::longValue).sum())
                    .append(" of other kinds (");
            line.append(kinds.entrySet().stream()
                    .map(kind -> kind.getKey() + " " + kind.getValue())
                    .collect(Collectors.joining(", ")));
            line.append(')');
        }
        if (broken > 0) {
            line.append(", ")
                    .append(broken)
                    .append(broken == 1 ? " file" : " files")
                    .append(" not read to the end");
        }
        return line.toString();
    }

    private void read(Path input, Supplier<FlowLineParser> parsers, FlowSink sink, PrintWriter log, AtomicBoolean stop)
            throws InterruptedException {
        FlowSink counted = flow -> {
            sink.accept(flow);
            flows.incrementAndGet();
        };
        FlowLog reader = new FlowLog(parsers, counted, (number, reason) -> {
            if (skipped.incrementAndGet() <= SHOWN_ERRORS) {
                log.println(input + ":" + number + ": " + reason);
            }
        });
        try {
            if (follow) {
                reader.follow(input, POLL_MILLIS, stop::get);
            } else {
                reader.read(input);
            }
        } catch (IOException e) {
            broken++;
            log.println(input + ":" + (reader.lines() + 1) + ": cannot be read on: " + reason(e));
        }
        aside.add(reader.leftAside());
    }

    private static String reason(IOException e) {
        if (e instanceof EOFException) {
            return "the compressed file breaks off";
        }
        return e instanceof ZipException ? "the compressed file is damaged (" + e.getMessage() + ")" : e.getMessage();
    }

    private static void awaitQuietly(CountDownLatch stopped) {
        try {
            stopped.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
