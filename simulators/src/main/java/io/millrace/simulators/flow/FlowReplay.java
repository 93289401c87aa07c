package io.millrace.simulators.flow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

import io.millrace.connectors.flow.FlowJson;
import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.pacing.StreamPacer;

/**
 * Recorded flows once more, in their recorded order, at the recorded pace or a multiple of it. Close it after use. Not
 * thread-safe.
 */
public final class FlowReplay implements Iterator<FlowRecord>, AutoCloseable {
    private final Iterator<FlowRecord> flows;
    private final BufferedReader reader;

    private FlowReplay(Iterator<FlowRecord> flows, BufferedReader reader) {
        this.flows = flows;
        this.reader = reader;
    }

    /** A replay of records in the order of the list. */
    public static FlowReplay of(List<FlowRecord> records) {
        return new FlowReplay(List.copyOf(records).iterator(), null);
    }

    /**
     * A replay of a file with one flow a line in the form of {@link FlowJson}; read as it goes, blank lines skipped.
     * Iterating throws {@link IllegalArgumentException}, naming the line, for a line that is no flow.
     */
    public static FlowReplay ofJsonLines(Path file) throws IOException {
        BufferedReader reader = Files.newBufferedReader(file);
        return new FlowReplay(new LineIterator(file, reader), reader);
    }

    @Override
    public boolean hasNext() {
        return flows.hasNext();
    }

    @Override
    public FlowRecord next() {
        return flows.next();
    }

    /**
     * Hands over the flows one by one, each when as much time has passed since the first as lies between their end times; a
     * record that is out of order follows at once. Sets the observed time.
     *
     * @return the number of flows; less than there are when the thread was interrupted
     */
    public long play(StreamPacer pacer, Consumer<FlowRecord> to) {
        long count = 0;
        while (hasNext()) {
            FlowRecord flow = next();
            if (!pacer.await(flow.getEndTime().toEpochMilli())) {
                return count;
            }
            flow.setObservedTime(Instant.now());
            to.accept(flow);
            count++;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }

    private static final class LineIterator implements Iterator<FlowRecord> {
        private final Path file;
        private final BufferedReader reader;
        private FlowRecord next;
        private long line;

        LineIterator(Path file, BufferedReader reader) {
            this.file = file;
            this.reader = reader;
        }

        @Override
        public boolean hasNext() {
            while (next == null) {
                String text = read();
                if (text == null) {
                    return false;
                }
                line++;
                if (!text.isBlank()) {
                    next = parse(text);
                }
            }
            return true;
        }

        @Override
        public FlowRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException("end of " + file);
            }
            FlowRecord flow = next;
            next = null;
            return flow;
        }

        private String read() {
            try {
                return reader.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }

        private FlowRecord parse(String text) {
            try {
                return FlowJson.fromLine(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ", line " + line + ": " + e.getMessage(), e);
            }
        }
    }
}
