package io.millrace.connectors.audio.live;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.schemas.Transcript;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the committed results of the transcript topic, from the end that it has at the start, and hands them on. */
public final class TranscriptFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TranscriptFeed.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long REST_MILLIS = 1000;

    private static final Duration TOPIC_LIMIT = Duration.ofSeconds(20);

    private final AvroTopicReader<Transcript> reader;
    private Thread thread;
    private volatile boolean closed;

    private TranscriptFeed(AvroTopicReader<Transcript> reader) {
        this.reader = reader;
    }

    /**
     * Finds the end of the topic: what is written from now on will be read.
     *
     * @param reader reads the topic from {@link AvroTopicReader.From#LATEST}; closed with the feed
     * @throws IllegalStateException if the topic is not there
     */
    public static TranscriptFeed at(AvroTopicReader<Transcript> reader) {
        long limit = System.nanoTime() + TOPIC_LIMIT.toNanos();
        while (!reader.ready(POLL)) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("the topic of transcripts is not there");
            }
        }
        return new TranscriptFeed(reader);
    }

    /**
     * Begins to read.
     *
     * @param to takes the results
     * @param onFailure told once if reading has failed for good
     */
    public void start(Consumer<Transcript> to, Consumer<RuntimeException> onFailure) {
        thread = new Thread(() -> run(to, onFailure), "speech-transcripts");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Consumer<Transcript> to, Consumer<RuntimeException> onFailure) {
        while (!closed) {
            try {
                hand(to);
            } catch (WakeupException e) {
                // closed is set
            } catch (RegistryException.Outage | RetriableException e) {
                LOG.warn("Transcripts cannot be read at the moment: {}", e.getMessage());
                rest();
            } catch (RuntimeException e) {
                onFailure.accept(e);
                return;
            }
        }
    }

    private void hand(Consumer<Transcript> to) {
        for (Decoded<Transcript> each : reader.poll(POLL)) {
            if (each.isValue()) {
                to.accept(each.value());
            } else {
                LOG.warn("A transcript cannot be read: {}", each.deadLetter().getMessage());
            }
        }
    }

    private static void rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        reader.wakeup();
        try {
            if (thread != null) {
                thread.join(10_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reader.close();
    }
}
