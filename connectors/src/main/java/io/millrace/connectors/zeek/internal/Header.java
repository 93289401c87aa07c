package io.millrace.connectors.zeek.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.millrace.connectors.flow.MalformedLineException;

/**
 * The header of a tab-separated Zeek log, and the splitting of its lines by it. A header is lines of directives, behind
 * {@code #} or what {@code LogAscii::meta_prefix} says, or, as the writer's option {@code tsv} has it, one row of names.
 * It may come again at any line.
 */
public final class Header {
    private static final Pattern SPACES = Pattern.compile(" {2,}");
    private static final Pattern SEPARATOR =
            Pattern.compile("(\\S{1,8}?)separator ((?:\\\\x[0-9A-Fa-f]{2})+|\\S{1,8})\\s*");
    private static final Pattern NAMES = Pattern.compile("ts([^A-Za-z0-9_.]{1,8})[A-Za-z0-9_].*");
    private static final int MAX_COLUMNS = 512;

    private String prefix = "#";
    private String separator = "\t";
    private String empty = "(empty)";
    private String unset = "-";
    private String path;
    private List<String> columns = List.of();

    /** Name of the log that the lines are of, or null if the header does not say. */
    public String path() {
        return path;
    }

    /**
     * Takes a line if it is one of a header; directives that do not matter are passed over.
     *
     * @return whether it is
     */
    public boolean take(String line) throws MalformedLineException {
        if (Character.isDigit(line.charAt(0))) {
            return false;
        }
        if (line.contains("separator ")) {
            Matcher beginning = SEPARATOR.matcher(line);
            if (beginning.matches()) {
                begin(beginning.group(1), Escapes.undone(beginning.group(2)));
                return true;
            }
        }
        if (line.startsWith(prefix) || line.startsWith("#")) {
            directive(line.substring(line.startsWith(prefix) ? prefix.length() : 1));
            return true;
        }
        return names(line);
    }

    private void begin(String sign, String divides) {
        prefix = sign;
        separator = divides;
        empty = "(empty)";
        unset = "-";
        path = null;
        columns = List.of();
    }

    private void directive(String line) throws MalformedLineException {
        int end = line.indexOf(separator);
        if (end < 0) {
            return;
        }
        String value = line.substring(end + separator.length());
        switch (line.substring(0, end)) {
            case "empty_field" -> empty = Escapes.undone(value);
            case "unset_field" -> unset = Escapes.undone(value);
            case "path" -> path = Escapes.undone(value).strip();
            case "fields" -> columns = plain(split(value, separator));
            default -> {}
        }
    }

    /** A row of names in place of directives, which begins with the time and has whatever separator. */
    private boolean names(String line) throws MalformedLineException {
        Matcher row = NAMES.matcher(line);
        if (!row.matches()) {
            return false;
        }
        List<String> names = plain(split(line, row.group(1)));
        if (!names.contains("id.orig_h") || !names.contains("id.resp_h")) {
            return false;
        }
        begin(prefix, row.group(1));
        columns = names;
        return true;
    }

    private static List<String> plain(List<String> names) {
        return names.stream().map(Escapes::undone).map(FieldNames::plain).toList();
    }

    /** The values of a line by column, without those that are unset; an empty set or text is the empty string. */
    public Map<String, String> values(String line) throws MalformedLineException {
        if (columns.isEmpty()) {
            throw new MalformedLineException("no #fields line before it");
        }
        List<String> cells = split(line, separator);
        if (cells.size() != columns.size()) {
            throw new MalformedLineException(cells.size() + " columns where #fields names " + columns.size());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (!cell.equals(unset)) {
                values.put(columns.get(i), cell.equals(empty) ? "" : Escapes.undone(cell));
            }
        }
        return values;
    }

    /** Splits at the separator; labelling tools that add columns behind three spaces are humoured. */
    private static List<String> split(String line, String separator) throws MalformedLineException {
        List<String> cells = new ArrayList<>();
        int from = 0;
        while (from <= line.length()) {
            int to = line.indexOf(separator, from);
            if (to < 0) {
                to = line.length();
            }
            cells.add(line.substring(from, to));
            from = to + separator.length();
            if (cells.size() > MAX_COLUMNS) {
                throw new MalformedLineException("more than " + MAX_COLUMNS + " columns");
            }
        }
        String last = cells.get(cells.size() - 1);
        if (last.contains("   ")) {
            cells.remove(cells.size() - 1);
            cells.addAll(List.of(SPACES.split(last.strip())));
        }
        return cells;
    }
}
