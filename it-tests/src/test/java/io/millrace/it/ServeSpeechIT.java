package io.millrace.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTopics;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Transcript;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The endpoint as a process of its own, real brokers and clients, and {@link Listener} in the place of the speech job. */
@ExtendWith(LocalInfrastructure.class)
@Timeout(180)
class ServeSpeechIT {
    private static final int CLIENTS = 10;

    private final LocalInfrastructure local = new LocalInfrastructure();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void everyClientHearsWhatItsOwnStreamSaid(@TempDir Path folder) throws Exception {
        Topic<AudioChunk> audio = local.freshTopic(SpeechTopics.AUDIO);
        Topic<Transcript> transcripts = local.freshTopic(SpeechTopics.TRANSCRIPTS);
        try (Listener listener = new Listener(local, audio, transcripts);
                CommandProcess server = CommandProcess.start(
                        folder,
                        "serve",
                        "speech",
                        "--listen=127.0.0.1:0",
                        "--bootstrap=" + local.bootstrap(),
                        "--registry=" + local.registryConfig().urls().get(0),
                        "--audio-topic=" + audio.name(),
                        "--transcript-topic=" + transcripts.name())) {
            URI address = URI.create(server.awaitLine("listening on ").substring("listening on ".length()) + "/");
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                callers.add(new Caller(http, address, "caller-" + i));
            }
            for (int i = 0; i < CLIENTS; i++) {
                callers.get(i).send(8000 + 800 * i);
            }
            for (int i = 0; i < CLIENTS; i++) {
                Caller caller = callers.get(i);
                assertThat(caller.next()).isEqualTo("{\"stream_id\":\"caller-" + i + "\"}");
                assertThat(caller.next()).isEqualTo("{\"partial\":\"heard\"}");
                caller.end();
                assertThat(caller.next()).contains("\"text\":\"heard " + (8000 + 800 * i) + " samples\"");
                assertThat(caller.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1000);
            }
            assertThat(listener.failure()).isNull();

            Caller cut = new Caller(http, address, "cut");
            cut.send(3000);
            assertThat(cut.next()).contains("cut");
            server.terminate();
            assertThat(server.awaitLine("passed on ")).startsWith("passed on ");
            assertThat(cut.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1001);
        }
        List<AudioChunk> ends = read(audio).stream()
                .filter(chunk -> chunk.getStreamId().equals("cut"))
                .filter(AudioChunk::getEndOfStream)
                .toList();
        assertThat(ends)
                .singleElement()
                .satisfies(
                        end -> assertThat(end.getSampleOffset() + end.getData().remaining() / 2)
                                .isEqualTo(3000));
    }

    @Test
    void aBrokerThatIsAwayCostsNoAudio(@TempDir Path folder) throws Exception {
        Topic<AudioChunk> audio = local.freshTopic(SpeechTopics.AUDIO);
        Topic<Transcript> transcripts = local.freshTopic(SpeechTopics.TRANSCRIPTS);
        try (CommandProcess server = CommandProcess.start(
                folder,
                "serve",
                "speech",
                "--listen=127.0.0.1:0",
                "--bootstrap=" + local.bootstrap(),
                "--registry=" + local.registryConfig().urls().get(0),
                "--audio-topic=" + audio.name(),
                "--transcript-topic=" + transcripts.name())) {
            URI address = URI.create(server.awaitLine("listening on ").substring("listening on ".length()) + "/");
            Caller caller = new Caller(http, address, "patient");
            caller.send(8000);
            assertThat(caller.next()).contains("patient");
            local.broker().stop();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> caller.send(4_000_000));
            try {
                TimeUnit.SECONDS.sleep(8);
            } finally {
                local.broker().restart();
            }
            sending.get(60, TimeUnit.SECONDS);
            caller.end();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> read(audio).stream().anyMatch(AudioChunk::getEndOfStream));
            assertThat(caller.closed).isNotDone();
        }
        List<AudioChunk> chunks = read(audio);
        assertThat(chunks)
                .extracting(AudioChunk::getSequence)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(chunks.stream()
                        .mapToLong(chunk -> chunk.getData().remaining())
                        .sum())
                .isEqualTo(2 * 4_008_000L);
    }

    private List<AudioChunk> read(Topic<AudioChunk> topic) {
        try (AvroTopicReader<AudioChunk> reader = new AvroTopicReader<>(
                AudioChunk.class,
                topic.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of())) {
            return reader.readToEnd().stream().map(Decoded::value).toList();
        }
    }

    /** A client with 16 bits at 8 kHz. */
    private static final class Caller implements WebSocket.Listener {
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Caller(HttpClient http, URI address, String stream) {
            socket = http.newWebSocketBuilder().buildAsync(address, this).join();
            socket.sendText("{\"config\":{\"sample_rate\":8000,\"stream_id\":\"" + stream + "\"}}", true)
                    .join();
        }

        void send(int samples) {
            for (int left = 2 * samples; left > 0; left -= 999) {
                socket.sendBinary(ByteBuffer.allocate(Math.min(left, 999)), true)
                        .join();
            }
        }

        void end() {
            socket.sendText("{\"eof\":1}", true).join();
        }

        String next() throws InterruptedException {
            return messages.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            messages.add(text.toString());
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
