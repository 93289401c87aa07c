package io.millrace.jobs.intrusion;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.millrace.connectors.flow.FlowJson;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.FlowPairing;
import io.millrace.connectors.netflow.NetFlowDecoder;
import io.millrace.connectors.netflow.NetFlowFile;
import io.millrace.schemas.FlowRecord;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace decode netflow}: prints the flows of NetFlow and IPFIX files. */
@Command(
        name = "netflow",
        description = {
            "Prints the flows of NetFlow (v1, v5, v7, v9), IPFIX and sFlow v5 files, one JSON object a line,",
            "and a last line of totals. A file is a capture (pcap, pcapng), datagrams each behind a 4-byte length,",
            "an IPFIX file or other messages one behind the other, or one datagram, whatever its name;",
            "the files are read in the order given, as exports of one exporter. Malformed content is counted by reason,",
            "and so are packets of captures that hold no export (passed_over).",
            "Exit code: 0; 1 if a file breaks off or is damaged, after the others are read."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace decode netflow --input templates.dat data.dat --json"})
public final class DecodeNetFlowCommand implements Callable<Integer> {
    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files to decode, in order.")
    private List<Path> inputs;

    @Option(names = "--json", description = "Print the flows as JSON, one a line (default: the totals alone).")
    private boolean json;

    @Option(names = "--pair", description = "Join the two directions of a conversation into one flow.")
    private boolean pair;

    @Option(names = "--stats", description = "Say on standard error what each exporter has sent.")
    private boolean stats;

    @Mixin
    private ExportOptions exports;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Path> unreadable = inputs.stream()
                .filter(input -> !Files.isRegularFile(input) || !Files.isReadable(input))
                .toList();
        if (unreadable.size() == inputs.size()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--input " + unreadable.get(0) + " is not a file that can be read");
        }
        NetFlowDecoder decoder = new NetFlowDecoder(exports.options(DecoderLimits.INSPECTION, spec));
        PrintWriter log = spec.commandLine().getErr();
        AtomicBoolean broken = new AtomicBoolean();
        NetFlowFile files = new NetFlowFile(decoder, (file, reason) -> {
            broken.set(true);
            log.println(file + ": " + reason);
        });
        Writer out = standardOutput();
        try {
            FlowSink printer = flow -> print(flow, out);
            FlowPairing pairing = pair ? new FlowPairing(FlowPairing.DEFAULT_CAPACITY, Long.MAX_VALUE, printer) : null;
            FlowSink sink = pair ? flow -> pairing.accept(flow, 0) : printer;
            for (Path input : inputs) {
                if (unreadable.contains(input)) {
                    broken.set(true);
                    log.println(input + ": not a file that can be read");
                } else {
                    files.read(input, sink);
                }
            }
            decoder.flush(sink);
            if (pair) {
                pairing.flush();
            }
            out.write(totals(decoder.statistics(), files.packets().counts()));
            out.write('\n');
            out.flush();
            if (stats) {
                ExporterLines.print(decoder.statistics(), spec.commandLine().getErr());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return broken.get() ? 1 : 0;
    }

    private void print(FlowRecord flow, Writer out) {
        if (!json) {
            return;
        }
        try {
            FlowJson.write(flow, out);
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String totals(DecoderStatistics statistics, Map<String, Long> passedOver) {
        String line = "{\"datagrams\":" + statistics.datagrams() + ",\"records\":" + statistics.records()
                + ",\"templates\":" + statistics.templates() + ",\"dropped\":" + counts(statistics.dropped());
        return line + (passedOver.isEmpty() ? "}" : ",\"passed_over\":" + counts(passedOver) + "}");
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> '"' + count.getKey() + "\":" + count.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Standard output, written in large pieces; flushed at the end and never closed. */
    private static Writer standardOutput() {
        return new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 16);
    }
}
