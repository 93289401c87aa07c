package io.millrace.jobs.intrusion;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

import io.millrace.connectors.flow.FlowJson;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.jobs.command.ConnectionOptions;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.kafka.TopicPublisher;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that say where collected flows go, shared by the collecting commands. */
public final class FlowDestination {
    @Option(names = "--json", description = "Print the flows to standard output as JSON, one a line.")
    private boolean json;

    @Mixin
    private ConnectionOptions kafka;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "Topic to write to (default: that of the catalogue).")
    private String topic;

    /** Opens the sink that the options ask for; the caller closes it. */
    FlowSink open(CommandSpec spec) {
        if (json == kafka.given()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "give one of --json and --bootstrap HOST:PORT with --registry URL (or --config FILE)");
        }
        return json ? new JsonLines() : toKafka(kafka.connection(spec), topic);
    }

    /**
     * Writes flows to their topic; one of a sender whose texts are too large for it stops no other.
     *
     * @param topic another topic than usual, which must be there; null for the usual one
     */
    static FlowSink toKafka(Connection connection, String topic) {
        TopicPublisher<FlowRecord> publisher = TopicPublisher.open(IntrusionTopics.FLOWS, topic, connection);
        return new FlowSink() {
            @Override
            public void accept(FlowRecord flow) {
                publisher.acceptOrSkip(flow);
            }

            @Override
            public void close() {
                publisher.close();
            }
        };
    }

    /** Prints flows; flushes when asked, so that a reader at the other end of a pipe is not kept waiting. */
    static final class JsonLines implements FlowSink {
        private static final long FLUSH_NANOS = 200_000_000L;

        private final Writer out =
                new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 16);
        private boolean dirty;

        @Override
        public synchronized void accept(FlowRecord flow) {
            try {
                FlowJson.write(flow, out);
                out.write('\n');
                if (!dirty) {
                    dirty = true;
                    Thread flusher = new Thread(this::flushSoon, "flow-flush");
                    flusher.setDaemon(true);
                    flusher.start();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("standard output cannot be written", e);
            }
        }

        private void flushSoon() {
            LockSupport.parkNanos(FLUSH_NANOS);
            close();
        }

        @Override
        public synchronized void close() {
            try {
                out.flush();
                dirty = false;
            } catch (IOException e) {
                throw new UncheckedIOException("standard output cannot be written", e);
            }
        }
    }
}
