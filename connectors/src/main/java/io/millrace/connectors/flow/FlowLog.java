package io.millrace.connectors.flow;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

import io.millrace.schemas.FlowRecord;

/**
 * Reads a flow log, plain or compressed with gzip, line by line: flows go to the sink, lines that cannot be read to the
 * errors, and reading goes on. Text is UTF-8, what is not is replaced; a line of more than 1 MiB is skipped.
 */
public final class FlowLog {
    private static final int MAX_LINE = 1 << 20;

    private final Supplier<FlowLineParser> parsers;
    private final FlowSink sink;
    private final LineErrors errors;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
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

    /** Reads a file to its end. */
    public void read(Path file) throws IOException {
        try (InputStream in = open(file)) {
            read(in);
        }
    }

    /** Reads a stream to its end; leaves it open. */
    public void read(InputStream in) throws IOException {
        begin();
        byte[] buffer = new byte[1 << 16];
        try {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                take(buffer, length);
            }
        } finally {
            end();
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
            try (InputStream in = Files.newInputStream(file)) {
                while (!stop.getAsBoolean()) {
                    int length = in.read(buffer);
                    if (length > 0) {
                        take(buffer, length);
                        position += length;
                    } else if (Files.exists(file) && (!Objects.equals(key, key(file)) || Files.size(file) < position)) {
                        break;
                    } else {
                        Thread.sleep(pollMillis);
                    }
                }
            }
            end();
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

    private void end() {
        if (line.size() > 0 || tooLong) {
            lineEnds();
        }
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
        FlowRecord flow = null;
        try {
            flow = text.isBlank() ? null : parser.parse(text, number);
        } catch (MalformedLineException e) {
            errors.skipped(number, e.getMessage());
        }
        if (flow != null) {
            sink.accept(flow);
        }
    }
}
