package io.millrace.jobs.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.flow.FlowJson;
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
            case ZEEK -> throw new IOException("zeek not yet");
            case CORE -> core(file);
        };
    }

    private static List<FlowRow> core(Path file) throws IOException {
        FlowRows rows = new FlowRows(FlowProfile.CORE);
        List<FlowRow> flows = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            long line = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line++;
                if (text.isBlank() || text.startsWith("{\"datagrams\"")) {
                    continue;
                }
                try {
                    flows.add(rows.row(FlowJson.fromLine(text)));
                } catch (IllegalArgumentException e) {
                    throw new IOException(file.getFileName() + " line " + line + ": " + e.getMessage(), e);
                }
            }
        }
        return flows;
    }
}
