package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.AddressRange;
import io.millrace.connectors.netflow.CollectorSettings;
import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.NetFlowCollector;
import io.millrace.jobs.command.ListenAddress;
import io.millrace.jobs.config.Durations;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace collect netflow}: receives NetFlow, IPFIX and sFlow until it is interrupted. */
@Command(
        name = "netflow",
        description = {
            "Receives NetFlow (v1, v5, v7, v9), IPFIX and sFlow v5 over UDP, and IPFIX over TCP if asked to,",
            "and writes the flows on, until interrupted."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace collect netflow --listen 127.0.0.1:2055 --bootstrap localhost:9092 --registry http://localhost:8081",
            "  millrace collect netflow --listen 0.0.0.0:2055 --allow 192.0.2.0/24 --templates templates.bin --stats --json"
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

    @Option(
            names = "--listen-tcp",
            paramLabel = "HOST:PORT",
            description = "Address to accept IPFIX over TCP on as well (4739 is usual); port 0 takes a free one.")
    private String listenTcp;

    @Option(
            names = "--allow",
            split = ",",
            paramLabel = "CIDR",
            description = "Exporters to hear, addresses or blocks; others are counted (default: all).")
    private List<String> allow = new ArrayList<>();

    @Option(
            names = "--templates",
            paramLabel = "FILE",
            description = "Keep the templates of exporters in this file over a restart.")
    private Path templates;

    @Option(
            names = "--stats",
            arity = "0..1",
            fallbackValue = "60s",
            paramLabel = "TIME",
            description = {
                "Say what each exporter has sent and how far its clock is off, on standard error every TIME",
                "(${FALLBACK-VALUE} if none is given) and at the end."
            })
    private String stats;

    @Mixin
    private ExportOptions exports;

    @Mixin
    private FlowDestination output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        InetSocketAddress address = ListenAddress.parse(listen, "--listen", spec);
        if (pairWindow < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--pair-window must be 1 or more");
        }
        CollectorSettings settings = CollectorSettings.on(address)
                .withPairWindow(pair ? pairWindow : 0)
                .withStreams(listenTcp == null ? null : ListenAddress.parse(listenTcp, "--listen-tcp", spec))
                .withAllowed(allow.stream().map(this::range).toList())
                .withTemplates(templates)
                .withOptions(exports.options(DecoderLimits.COLLECTOR, spec));
        PrintWriter log = spec.commandLine().getErr();
        Duration every = every();
        try (FlowSink sink = output.open(spec)) {
            return collect(settings, sink, every, log);
        } catch (IOException e) {
            log.println("cannot collect: " + e.getMessage());
            return 1;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private AddressRange range(String text) {
        try {
            return AddressRange.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--allow: " + e.getMessage(), e);
        }
    }

    /** Time between two tellings of what exporters have sent; null if nobody asks. */
    private Duration every() {
        try {
            Duration every = stats == null ? null : Durations.parse(stats);
            if (every != null && every.toMillis() < 1000) {
                throw new CommandLine.TypeConversionException("'" + stats + "' is less than 1s");
            }
            return every;
        } catch (CommandLine.TypeConversionException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--stats: " + e.getMessage(), e);
        }
    }

    private static int collect(CollectorSettings settings, FlowSink sink, Duration every, PrintWriter log)
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
        if (collector.streamAddress() != null) {
            InetSocketAddress streams = collector.streamAddress();
            log.println("accepting IPFIX over TCP on " + streams.getHostString() + ":" + streams.getPort());
        }
        if (collector.templatesUnused() != null) {
            log.println("the templates in " + settings.templates() + " are not used, " + collector.templatesUnused()
                    + ": exporters will announce theirs");
        }
        log.flush();
        try {
            await(collector, stop, every, log);
            collector.close();
        } finally {
            sink.close();
            if (every != null) {
                ExporterLines.print(collector.statistics(), log);
            }
            log.println(summary(collector));
            log.flush();
            stopped.countDown();
        }
        return 0;
    }

    private static void await(NetFlowCollector collector, CountDownLatch stop, Duration every, PrintWriter log)
            throws InterruptedException {
        if (every == null) {
            collector.awaitStop(stop);
            return;
        }
        while (collector.isRunning() && !collector.awaitStop(stop, every)) {
            ExporterLines.print(collector.statistics(), log);
        }
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
                + statistics.sequenceLost() + "); ahead " + statistics.ahead() + "; dropped " + statistics.dropped();
    }
}
