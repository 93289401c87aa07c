package io.millrace.connectors.zeek.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.millrace.connectors.flow.MalformedLineException;

/** The header directives of a tab-separated Zeek log, and the splitting of its lines by them. */
public final class Header {
    private static final Pattern SPACES = Pattern.compile(" {2,}");
    private static final int MAX_COLUMNS = 512;

    private String separator = "\t";
    private String empty = "(empty)";
    private String unset = "-";
    private List<String> columns = List.of();

    /** Takes a line that begins with '#'; directives that do not matter are ignored. */
    public void directive(String line) throws MalformedLineException {
        if (line.startsWith("#separator ")) {
            separator = unescaped(line.substring("#separator ".length()).strip());
            return;
        }
        String[] parts = line.split(Pattern.quote(separator), 2);
        if (parts.length < 2) {
            return;
        }
        switch (parts[0]) {
            case "#empty_field" -> empty = parts[1];
            case "#unset_field" -> unset = parts[1];
            case "#fields" -> columns = split(parts[1]);
            default -> {}
        }
    }

    /** The values of a line by column, without those that are unset; an empty set or text is the empty string. */
    public Map<String, String> values(String line) throws MalformedLineException {
        if (columns.isEmpty()) {
            throw new MalformedLineException("no #fields line before it");
        }
        List<String> cells = split(line);
        if (cells.size() != columns.size()) {
            throw new MalformedLineException(cells.size() + " columns where #fields names " + columns.size());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (!cell.equals(unset)) {
                values.put(columns.get(i), cell.equals(empty) ? "" : cell);
            }
        }
        return values;
    }

    /** Splits at the separator; labelling tools that add columns behind three spaces are humoured. */
    private List<String> split(String line) throws MalformedLineException {
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

    private static String unescaped(String text) throws MalformedLineException {
        if (text.startsWith("\\x") && text.length() == 4) {
            try {
                return String.valueOf((char) Integer.parseInt(text.substring(2), 16));
            } catch (NumberFormatException e) {
                throw new MalformedLineException("#separator " + text + " is no character");
            }
        }
        if (text.isEmpty()) {
            throw new MalformedLineException("#separator is empty");
        }
        return text;
    }
}
