package io.millrace.models.intrusion.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.millrace.models.intrusion.FlowRow;

/** Reads the tables of published intrusion data sets. */
@FunctionalInterface
public interface FlowTables {

    /**
     * Reads a table whole, in file order.
     *
     * @throws FlowTableException if a line is not what the format says; the message names the file and the line
     * @throws IOException if the file cannot be read
     */
    List<FlowRow> read(Path file) throws IOException;

    /** Reads several tables, one after the other. */
    default List<FlowRow> readAll(List<Path> files) throws IOException {
        List<FlowRow> rows = new ArrayList<>();
        for (Path file : files) {
            rows.addAll(read(file));
        }
        return rows;
    }
}
