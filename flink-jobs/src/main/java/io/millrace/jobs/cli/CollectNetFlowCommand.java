package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.NetFlowCollector;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace collect netflow}: receives NetFlow and IPFIX over UDP until it is interrupted. */
@Command(
        name = "netflow",
        description = "Receives NetFlow v5, v9 and IPFIX over UDP and writes the flows on, until interrupted.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  millrace collect netflow --listen 127.0.0.1:2055 --bootstrap localhost:9092 --registry http://localhost:8081"
        })
public final class CollectNetFlowCommand implements Callable<Integer> {
    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:2055",
            description = "Address to receive on (default: ${DEFAULT-VALUE}); port 0 takes a free one.")
    private String listen;

    @Option(
            names = "--pair",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Join the two directions of a conversation into one flow (on by default; --no-pair).")
    private boolean pair;

    @Option(
            names = "--pair-window",
            paramLabel = "MILLIS",
            defaultValue = "1000",
            description = "How long a record waits for its other direction (default: ${DEFAULT-VALUE}).")
    private long pairWindow;

    @Mixin
    private FlowOutput output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        InetSocketAddress address = ListenAddress.parse(listen, "--listen", spec);
        if (pairWindow < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--pair-window must be 1 or more");
        }
        PrintWriter log = spec.commandLine().getErr();
        try (FlowSink sink = output.open(spec)) {
            NetFlowCollector.Settings settings =
                    NetFlowCollector.Settings.on(address).withPairWindow(pair ? pairWindow : 0);
            return collect(settings, sink, log);
        } catch (IOException e) {
            log.println("cannot listen on " + listen + ": " + e.getMessage());
            return 1;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int collect(NetFlowCollector.Settings settings, FlowSink sink, PrintWriter log)
            throws IOException, InterruptedException {
        NetFlowCollector collector = NetFlowCollector.start(settings, sink);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    stop.countDown();
                    awaitQuietly(stopped);
                },
                "collect-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        InetSocketAddress bound = collector.address();
        log.println("listening on " + bound.getHostString() + ":" + bound.getPort());
        log.flush();
        try {
            collector.awaitStop(stop);
            collector.close();
        } finally {
            sink.close();
            log.println(summary(collector));
            log.flush();
            stopped.countDown();
        }
        return 0;
    }

    private static void awaitQuietly(CountDownLatch stopped) {
        try {
            stopped.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String summary(NetFlowCollector collector) {
        DecoderStatistics statistics = collector.statistics();
        return "collected " + statistics.datagrams() + " datagrams, " + statistics.records() + " records, "
                + statistics.templates() + " templates; sequence gaps " + statistics.sequenceGaps() + " (lost "
                + statistics.sequenceLost() + "); dropped " + statistics.dropped();
    }
}
