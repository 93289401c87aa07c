package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.millrace.connectors.flow.FlowLineParser;
import io.millrace.connectors.flow.FlowLog;
import io.millrace.connectors.flow.FlowSink;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Reads flow logs into a sink and says on standard error what was read and what was skipped. */
final class LogCollection {
    private static final long POLL_MILLIS = 200;
    private static final long SHOWN_ERRORS = 10;

    private final List<Path> inputs;
    private final boolean follow;
    private final FlowOutput output;
    private final CommandSpec spec;
    private final AtomicLong flows = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();

    LogCollection(List<Path> inputs, boolean follow, FlowOutput output, CommandSpec spec) {
        this.inputs = inputs;
        this.follow = follow;
        this.output = output;
        this.spec = spec;
    }

    int run(Supplier<FlowLineParser> parsers) throws Exception {
        for (Path input : inputs) {
            if (!Files.isRegularFile(input) || !Files.isReadable(input)) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--input " + input + " is not a file that can be read");
            }
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
                read(input, parsers, sink, log, stop);
            }
            sink.close();
            log.println("read " + flows + " flows, skipped " + skipped + " lines");
            log.flush();
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private void read(Path input, Supplier<FlowLineParser> parsers, FlowSink sink, PrintWriter log, AtomicBoolean stop)
            throws IOException, InterruptedException {
        FlowSink counted = flow -> {
            sink.accept(flow);
            flows.incrementAndGet();
        };
        FlowLog reader = new FlowLog(parsers, counted, (number, reason) -> {
            if (skipped.incrementAndGet() <= SHOWN_ERRORS) {
                log.println(input + ":" + number + ": " + reason);
            }
        });
        if (follow) {
            reader.follow(input, POLL_MILLIS, stop::get);
        } else {
            reader.read(input);
        }
    }

    private static void awaitQuietly(CountDownLatch stopped) {
        try {
            stopped.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
