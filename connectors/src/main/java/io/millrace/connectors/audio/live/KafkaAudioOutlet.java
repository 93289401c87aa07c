package io.millrace.connectors.audio.live;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.schemas.AudioChunk;

/**
 * Writes chunks to Kafka. A thread of its own talks to the producer, which blocks while its buffer is full or the brokers
 * are away; what waits for that thread is bounded by what the clients may have under way.
 */
public final class KafkaAudioOutlet implements AudioOutlet, AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);

    private final AvroPublisher<AudioChunk> publisher;
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(work -> new Thread(work, "speech-audio-writer"));

    /** Writes with a publisher, which is closed with this. */
    public KafkaAudioOutlet(AvroPublisher<AudioChunk> publisher) {
        this.publisher = publisher;
    }

    @Override
    public CompletionStage<?> send(AudioChunk chunk) {
        return CompletableFuture.supplyAsync(() -> publisher.send(chunk), writer)
                .thenCompose(Function.identity());
    }

    /** Chunks that the brokers have. */
    public long delivered() {
        return publisher.delivered();
    }

    /** Delivers what is waiting, for at most 25 seconds, and disconnects. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            writer.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        publisher.close();
    }
}
