package io.millrace.jobs.intrusion;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import io.millrace.connectors.flow.FlowJson;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.schemas.FlowRecord;

/** Writes flows as JSON lines. */
final class FlowLines implements FlowSink {
    private final BufferedWriter writer;
    private boolean broken;

    FlowLines(OutputStream stream) {
        writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
    }

    /** Tells whether whoever read the output has gone; that is no error, only the end. */
    boolean closedByReader() {
        return broken;
    }

    @Override
    public void accept(FlowRecord flow) {
        try {
            FlowJson.write(flow, writer);
            writer.write('\n');
        } catch (IOException e) {
            broken(e);
        }
    }

    void flush() {
        try {
            writer.flush();
        } catch (IOException e) {
            broken(e);
        }
    }

    @Override
    public void close() {
        if (broken) {
            return;
        }
        try {
            writer.close();
        } catch (IOException e) {
            broken(e);
        }
    }

    private void broken(IOException e) {
        if (e.getMessage() == null || !e.getMessage().contains("Broken pipe")) {
            throw new UncheckedIOException("cannot write the flows", e);
        }
        broken = true;
    }
}
