package io.millrace.jobs.intrusion;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.flow.FlowJson;
import io.millrace.connectors.flow.FlowLineParser;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.flow.MalformedLineException;
import io.millrace.connectors.zeek.ZeekConnParser;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.dataset.NslKddTable;
import io.millrace.models.intrusion.dataset.UnswTable;
import io.millrace.operators.intrusion.FlowRows;

/** Formats of labelled flows that train and evaluate read. */
enum FlowSource {
    NSL_KDD("nsl-kdd", FlowProfile.NSL_KDD),
    UNSW("unsw", FlowProfile.UNSW),
    ZEEK("zeek", FlowProfile.ZEEK),
    CORE("core", FlowProfile.CORE);

    private final String id;
    private final FlowProfile profile;

    FlowSource(String id, FlowProfile profile) {
        this.id = id;
        this.profile = profile;
    }

    FlowProfile profile() {
        return profile;
    }

    /** Name on the command line. */
    @Override
    public String toString() {
        return id;
    }

    /** The format of a name; null for none. */
    static FlowSource of(String id) {
        for (FlowSource source : values()) {
            if (source.id.equals(id)) {
                return source;
            }
        }
        return null;
    }

    /** Reads a file whole. */
    List<FlowRow> read(Path file) throws IOException {
        return switch (this) {
            case NSL_KDD -> new NslKddTable().read(file);
            case UNSW -> new UnswTable().read(file);
            case ZEEK -> records(file, new ZeekConnParser(file.getFileName().toString()), FlowProfile.ZEEK);
            case CORE -> records(file, FlowSource::coreLine, FlowProfile.CORE);
        };
    }

    private static void coreLine(String line, long number, FlowSink sink) throws MalformedLineException {
        if (line.isBlank() || line.startsWith("{\"datagrams\"")) {
            return;
        }
        try {
            sink.accept(FlowJson.fromLine(line));
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException(e.getMessage());
        }
    }

    private static List<FlowRow> records(Path file, FlowLineParser parser, FlowProfile profile) throws IOException {
        FlowRows rows = new FlowRows(profile);
        List<FlowRow> flows = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                try {
                    parser.parse(line, number, flow -> flows.add(rows.row(flow)));
                } catch (MalformedLineException e) {
                    throw new IOException(file.getFileName() + " line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return flows;
    }
}
