package io.millrace.jobs.speech;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.millrace.connectors.audio.live.KafkaAudioOutlet;
import io.millrace.connectors.audio.live.SpeechServer;
import io.millrace.connectors.audio.live.SpeechServerSettings;
import io.millrace.connectors.audio.live.TranscriptFeed;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.jobs.kafka.Connection;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Transcript;

/** The WebSocket server between live callers and the speech job: their audio to Kafka, their transcripts back. */
public final class LiveSpeech implements AutoCloseable {

    private final TranscriptFeed feed;
    private final KafkaAudioOutlet outlet;
    private final SpeechServer server;
    private final AtomicLong ended;
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    private LiveSpeech(TranscriptFeed feed, KafkaAudioOutlet outlet, SpeechServer server, AtomicLong ended) {
        this.feed = feed;
        this.outlet = outlet;
        this.server = server;
        this.ended = ended;
    }

    /**
     * Listens.
     *
     * @param connection brokers and registry
     * @param audio topic for the audio, which must be there
     * @param transcripts topic of the transcripts, which must be there
     * @throws IOException if the address cannot be listened on
     */
    public static LiveSpeech start(
            SpeechServerSettings settings,
            Connection connection,
            Topic<AudioChunk> audio,
            Topic<Transcript> transcripts)
            throws IOException {
        connection.checked();
        TranscriptFeed feed = TranscriptFeed.at(connection.reader(transcripts, AvroTopicReader.From.LATEST));
        KafkaAudioOutlet outlet = new KafkaAudioOutlet(connection.publisher(audio));
        AtomicLong ended = new AtomicLong();
        try {
            SpeechServer server = SpeechServer.start(settings, chunk -> {
                ended.addAndGet(chunk.getEndOfStream() ? 1 : 0);
                return outlet.send(chunk);
            });
            LiveSpeech live = new LiveSpeech(feed, outlet, server, ended);
            feed.start(server::accept, live.failure::set);
            return live;
        } catch (IOException | RuntimeException failed) {
            outlet.close();
            feed.close();
            throw failed;
        }
    }

    /** The address that is listened on. */
    public InetSocketAddress address() {
        return server.address();
    }

    /**
     * Listens for calls by AudioSocket as well: {@link SpeechServer#listenForCalls}.
     *
     * @return the address that is listened on
     * @throws IOException if it cannot be listened on
     */
    public InetSocketAddress listenForCalls(InetSocketAddress calls) throws IOException {
        return server.listenForCalls(calls);
    }

    /** Chunks that the brokers have. */
    public long delivered() {
        return outlet.delivered();
    }

    /** Streams that have come to their end. */
    public long ended() {
        return ended.get();
    }

    /** Why transcripts can no longer be read; null while they can. */
    public RuntimeException failure() {
        return failure.get();
    }

    /** Ends every stream that is still open, delivers what is waiting and disconnects. */
    @Override
    public void close() {
        try (feed;
                outlet) {
            server.close();
        }
    }
}
