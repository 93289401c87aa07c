package io.millrace.jobs.speech;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.speech.decoding.Hypothesis;

/** Prints the finals of one file after another. Subtitles are numbered and timed from the start of each file. */
final class TranscriptPrinter {
    private final TranscriptFormat format;
    private final PrintWriter out;
    private final ObjectMapper mapper = new ObjectMapper();
    private String file;
    private boolean several;
    private boolean headed;
    private int printed;

    TranscriptPrinter(TranscriptFormat format, PrintWriter out) {
        this.format = format;
        this.out = out;
    }

    /** What follows is of a file, which is named where there are several. */
    void begin(String file, boolean several) {
        this.file = file;
        this.several = several;
        printed = 0;
        if (format == TranscriptFormat.VTT) {
            // One header, even of several files or of a file without words; the others are told apart by notes.
            out.print(headed ? "" : "WEBVTT\n\n");
            headed = true;
            out.print(several ? "NOTE " + file.replace("-->", "->").replaceAll("\\R", " ") + "\n\n" : "");
        } else if (format == TranscriptFormat.TEXT && several) {
            out.println(file + ":");
        }
        out.flush();
    }

    /** Whether partial results may stand between the finals on a terminal. */
    boolean showsPartials() {
        return format == TranscriptFormat.TEXT;
    }

    void print(Hypothesis result) throws JsonProcessingException {
        double start = result.words().get(0).startSeconds();
        double end = result.words().get(result.words().size() - 1).endSeconds();
        printed++;
        switch (format) {
            case JSON -> out.println(json(result, start, end));
            case SRT -> out.print(printed + "\n" + times(start, end, ',') + "\n" + result.text() + "\n\n");
            case VTT -> out.print(times(start, end, '.') + "\n" + escaped(result.text()) + "\n\n");
            case TEXT -> out.printf(Locale.ROOT, "[%7.2f - %7.2f] %s%n", start, end, result.text());
        }
        out.flush();
    }

    private String json(Hypothesis result, double start, double end) throws JsonProcessingException {
        Map<String, Object> object = new LinkedHashMap<>();
        if (several) {
            object.put("file", file);
        }
        object.put("text", result.text());
        object.put("start", start);
        object.put("end", end);
        object.put("words", result.words());
        return mapper.writeValueAsString(object);
    }

    private static String times(double start, double end, char point) {
        return time(start, point) + " --> " + time(end, point);
    }

    private static String time(double seconds, char point) {
        long millis = Math.round(seconds * 1000);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%c%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                point,
                millis % 1000);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
