package io.millrace.jobs.intrusion;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.ExportSource;
import io.millrace.connectors.netflow.ExporterStatistics;

/** Says what each exporter has sent, one line an exporter. */
final class ExporterLines {
    /** Lines at once: who has more exporters, or one with ever new ports, sees those heard last. */
    private static final int MOST = 500;

    private ExporterLines() {}

    static void print(DecoderStatistics statistics, PrintWriter out) {
        List<ExporterStatistics> exporters = statistics.exporters();
        int first = Math.max(0, exporters.size() - MOST);
        if (first > 0) {
            out.println(first + " exporters that were heard before the following");
        }
        exporters.subList(first, exporters.size()).forEach(exporter -> out.println(line(exporter)));
        out.flush();
    }

    private static String line(ExporterStatistics exporter) {
        StringBuilder line = new StringBuilder("exporter ").append(exporter.sensor());
        if (exporter.port() != 0) {
            line.append(exporter.transport() == ExportSource.Transport.STREAM ? " tcp port " : " udp port ")
                    .append(exporter.port());
        }
        line.append(": ").append(exporter.datagrams()).append(" datagrams, ");
        line.append(exporter.records()).append(" records, ");
        line.append(exporter.templates()).append(" templates");
        if (exporter.counterSamples() > 0) {
            line.append(", ").append(exporter.counterSamples()).append(" counter samples");
        }
        line.append("; sequence gaps ").append(exporter.sequenceGaps());
        line.append(" (lost ").append(exporter.sequenceLost()).append(')');
        if (exporter.clockOffsetMillis() != null) {
            line.append(String.format(Locale.ROOT, "; clock %+.1f s", exporter.clockOffsetMillis() / 1e3));
        }
        line.append("; ahead ").append(exporter.ahead());
        line.append("; dropped ").append(exporter.dropped());
        if (exporter.lastHeardMillis() != null) {
            line.append("; last heard ").append(Instant.ofEpochMilli(exporter.lastHeardMillis()));
        }
        return line.toString();
    }
}
