package io.millrace.connectors.flow;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/**
 * Reads a flow log, plain or compressed with gzip, line by line: flows go to the sink, lines that cannot be read to the
 * errors, and reading goes on. Text is UTF-8, what is not is replaced; a line of more than 1 MiB is skipped.
 * Where a file cannot be read on, {@link #lines()} tells how far it was.
 */
public final class FlowLog {
    private static final int MAX_LINE = 1 << 20;

    /** Looks without anything new after which nothing more is expected of what the log began to tell. */
    private static final int QUIET_LOOKS = 10;

    private final Supplier<FlowLineParser> parsers;
    private final FlowSink sink;
    private final LineErrors errors;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private final KindCounts aside = new KindCounts();
    private FlowLineParser parser;
    private long number;
    private boolean tooLong;

    /**
     * A log that nothing was read of.
     *
     * @param parsers gives a fresh parser for each file
     */
    public FlowLog(Supplier<FlowLineParser> parsers, FlowSink sink, LineErrors errors) {
        this.parsers = parsers;
        this.sink = sink;
        this.errors = errors;
    }

    /** Whole lines read of the present or last file. */
    public long lines() {
        return number;
    }

    /** Lines and events of other kinds in the files that were read to their end or break, by kind. */
    public Map<String, Long> leftAside() {
        return aside.counts();
    }

    /**
     * Reads a file to its end.
     *
     * @throws IOException if the file cannot be read, or not to its end; flows before stand
     */
    public void read(Path file) throws IOException {
        number = 0;
        try (InputStream in = open(file)) {
            read(in);
        }
    }

    /** Reads a stream to its end; leaves it open. */
    public void read(InputStream in) throws IOException {
        begin();
        byte[] buffer = new byte[1 << 16];
        boolean whole = false;
        try {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                take(buffer, length);
            }
            whole = true;
        } finally {
            end(whole);
        }
    }

    /**
     * Reads an uncompressed file and then what is appended to it. A file that is replaced by another of its name or cut
     * short is read again from its beginning, as log rotation wants it.
     *
     * @param pollMillis how long to wait before looking for more
     * @param stop asked before every look; ends the reading
     */
    public void follow(Path file, long pollMillis, BooleanSupplier stop) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        while (!stop.getAsBoolean()) {
            begin();
            Object key = key(file);
            long position = 0;
            int quiet = 0;
            try (InputStream in = Files.newInputStream(file)) {
                while (!stop.getAsBoolean()) {
                    int length = in.read(buffer);
                    if (length > 0) {
                        take(buffer, length);
                        position += length;
                        quiet = 0;
                    } else if (Files.exists(file) && (!Objects.equals(key, key(file)) || Files.size(file) < position)) {
                        break;
                    } else {
                        if (++quiet == QUIET_LOOKS) {
                            parser.flush(sink);
                        }
                        Thread.sleep(pollMillis);
                    }
                }
            } finally {
                end(true);
            }
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            byte[] magic = raw.readNBytes(2);
            raw.reset();
            boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
            return gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private void begin() {
        parser = parsers.get();
        number = 0;
        line.reset();
        tooLong = false;
    }

    /** A line that the break of a file tore is none. */
    private void end(boolean whole) {
        if (whole && (line.size() > 0 || tooLong)) {
            lineEnds();
        }
        parser.flush(sink);
        aside.add(parser.leftAside());
    }

    private void take(byte[] bytes, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                append(bytes, from, i);
                lineEnds();
                from = i + 1;
            }
        }
        append(bytes, from, length);
    }

    private void append(byte[] bytes, int from, int to) {
        if (line.size() + to - from > MAX_LINE) {
            tooLong = true;
            line.reset();
        } else if (!tooLong) {
            line.write(bytes, from, to - from);
        }
    }

    private void lineEnds() {
        number++;
        String text = line.toString(StandardCharsets.UTF_8);
        boolean skip = tooLong;
        line.reset();
        tooLong = false;
        if (skip) {
            errors.skipped(number, "longer than " + MAX_LINE + " bytes");
            return;
        }
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        if (number == 1 && text.startsWith("\ufeff")) {
            text = text.substring(1);
        }
        if (text.isBlank()) {
            return;
        }
        try {
            parser.parse(text, number, sink);
        } catch (MalformedLineException e) {
            errors.skipped(number, e.getMessage());
        }
    }
}
