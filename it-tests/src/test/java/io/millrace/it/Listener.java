package io.millrace.it;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;

/** Answers each stream of 16 bits as a speech job would: a partial result with its first chunk, a final with its last. */
final class Listener implements AutoCloseable {
    private final AvroTopicReader<AudioChunk> audio;
    private final AvroPublisher<Transcript> transcripts;
    private final Map<String, Long> samples = new HashMap<>();
    private final Thread thread = new Thread(this::run, "listener");
    private volatile boolean closed;
    private volatile RuntimeException failure;

    Listener(LocalInfrastructure local, Topic<AudioChunk> from, Topic<Transcript> to) {
        audio = new AvroTopicReader<>(
                AudioChunk.class,
                from.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of());
        transcripts = new AvroPublisher<>(to, local.bootstrap(), local.registryConfig(), Map.of());
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                for (Decoded<AudioChunk> each : audio.poll(Duration.ofMillis(100))) {
                    hear(each.value());
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void hear(AudioChunk chunk) {
        String stream = chunk.getStreamId();
        long heard = samples.merge(stream, chunk.getData().remaining() / 2L, Long::sum);
        if (chunk.getSequence() == 0) {
            transcripts.publish(transcript(chunk, "heard", false, List.of()));
        }
        if (chunk.getEndOfStream()) {
            long end = 1000 * heard / chunk.getSampleRate();
            List<RecognisedWord> words = List.of(new RecognisedWord("heard", 0L, end, 1.0));
            transcripts.publish(transcript(chunk, "heard " + heard + " samples", true, words));
        }
    }

    private static Transcript transcript(AudioChunk chunk, String text, boolean last, List<RecognisedWord> words) {
        return Transcript.newBuilder()
                .setUtteranceId(chunk.getStreamId() + "-0")
                .setStreamId(chunk.getStreamId())
                .setUtterance(0)
                .setIsFinal(last)
                .setEndedBy(last ? EndOfUtterance.END_OF_STREAM : null)
                .setStability(last ? 1 : 0.5)
                .setAlternatives(List.of(new TranscriptAlternative(text, 1.0, words)))
                .setAudioProcessed(1)
                .setLookAhead(0)
                .setModel("listener")
                .setModelVersion("1")
                .setEventTime(Instant.now())
                .build();
    }

    /** What went wrong, or null. */
    RuntimeException failure() {
        return failure;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
        audio.close();
        transcripts.close();
    }
}
