package io.millrace.models.intrusion.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines of a comma-separated table without quoting, with their numbers; blank lines and a byte-order mark left out. */
final class TableLines implements AutoCloseable {

    private static final int LONGEST_LINE = 100_000;

    private final Path file;
    private final BufferedReader reader;
    private long line;

    TableLines(Path file) throws IOException {
        this.file = file;
        CharsetDecoder lenient = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        this.reader = new BufferedReader(new InputStreamReader(Files.newInputStream(file), lenient));
    }

    /** Cells of the next line, trimmed; null at the end. */
    String[] next() throws IOException {
        String text = reader.readLine();
        while (text != null) {
            line++;
            if (line == 1 && text.startsWith("\uFEFF")) {
                text = text.substring(1);
            }
            if (!text.isBlank()) {
                return split(text);
            }
            text = reader.readLine();
        }
        return null;
    }

    private String[] split(String text) throws FlowTableException {
        if (text.length() > LONGEST_LINE) {
            throw problem("longer than " + LONGEST_LINE + " characters");
        }
        List<String> cells = new ArrayList<>(50);
        int from = 0;
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', from)) {
            cells.add(text.substring(from, comma).trim());
            from = comma + 1;
        }
        cells.add(text.substring(from).trim());
        return cells.toArray(String[]::new);
    }

    /** A number of the current line. */
    double number(String cell, String field) throws FlowTableException {
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            throw problem(field + " is no number: \"" + cell + "\"");
        }
    }

    /** A number of the current line, NaN if the cell is empty, "-" or blank. */
    double numberOrMissing(String cell, String field) throws FlowTableException {
        return cell.isEmpty() || cell.equals("-") ? Double.NaN : number(cell, field);
    }

    FlowTableException problem(String problem) {
        return new FlowTableException(file, line, problem);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
