package io.millrace.connectors.audio.live;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.EndOfUtterance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The server before clients over real sockets, with the recogniser's side played by the test. */
@Timeout(60)
class SpeechServerTest {
    private static final byte[] SECOND = new byte[16_000];

    private static final byte[] HANDSHAKE =
            ("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private final RecordedAudio audio = new RecordedAudio();
    private SpeechServer server;

    private SpeechServer start(UnaryOperator<SpeechServerSettings> change) throws IOException {
        SpeechServerSettings settings =
                SpeechServerSettings.on(new InetSocketAddress("127.0.0.1", 0), Set.of(8000, 16_000));
        server = SpeechServer.start(change.apply(settings), audio);
        return server;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void audioGoesOutAndResultsComeBackUntilTheLast() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("a");
        client.send(new byte[3]).join();
        client.send(new byte[1_601]).join();
        await(() -> audio.of("a").size() == 1);
        server.accept(Transcripts.partial("a", "good"));
        assertThat(client.next()).isEqualTo("{\"partial\":\"good\"}");
        server.accept(Transcripts.transcript("a", 0, "morning", true, EndOfUtterance.SILENCE));
        assertThat(client.next()).startsWith("{\"text\":\"morning\",\"result\":[");

        client.say("{\"eof\":1}");
        await(() -> audio.ended("a"));
        assertThat(audio.of("a")).extracting(AudioChunk::getSequence).containsExactly(0L, 1L);
        assertThat(audio.bytes("a")).isEqualTo(1604);
        server.accept(Transcripts.end("a", 0, null));
        assertThat(client.next()).isEqualTo("{\"text\":\"\"}");
        assertThat(client.closed()).isEqualTo("1000 ");
        await(() -> server.connected() == 0);
    }

    @Test
    void aStreamOfTwoChannelsIsOverWhenBothAre() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings));
        client.say("{\"config\":{\"sample_rate\":8000,\"stream_id\":\"b\",\"channels\":2,\"partials\":false}}");
        assertThat(client.next()).isEqualTo("{\"stream_id\":\"b\"}");
        client.send(SECOND).join();
        client.say("{\"eof\":1}");
        await(() -> audio.of("b").stream().filter(AudioChunk::getEndOfStream).count() == 2);
        server.accept(Transcripts.partial("b", "not wanted"));
        server.accept(Transcripts.end("b", 1, "right"));
        server.accept(Transcripts.end("b", 0, "left"));
        assertThat(client.next()).contains("\"text\":\"right\"").endsWith("\"channel\":1}");
        assertThat(client.next()).contains("\"text\":\"left\"").endsWith("\"channel\":0}");
        assertThat(client.closed()).startsWith("1000");
    }

    @Test
    void anEndBeforeTheEofIsNotTheLast() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("c");
        server.accept(Transcripts.end("c", 0, "stopped"));
        assertThat(client.next()).contains("stopped");
        client.say("{\"eof\":1}");
        await(() -> audio.ended("c"));
        server.accept(Transcripts.partial("c", "going on"));
        assertThat(client.next()).isEqualTo("{\"partial\":\"going on\"}");
        server.accept(Transcripts.end("c", 0, "done"));
        assertThat(client.next()).contains("done");
        assertThat(client.closed()).startsWith("1000");
    }

    @Test
    void everyClientGetsItsOwnResults() throws Exception {
        start(settings -> settings);
        List<LiveClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(LiveClient.connect(server).begin("many-" + i));
        }
        for (int i = 0; i < 20; i++) {
            clients.get(i).send(SECOND);
            clients.get(i).say("{\"eof\":1}");
        }
        for (int i = 0; i < 20; i++) {
            String stream = "many-" + i;
            await(() -> audio.ended(stream));
            assertThat(audio.bytes(stream)).isEqualTo(SECOND.length);
        }
        for (int i = 19; i >= 0; i--) {
            server.accept(Transcripts.end("many-" + i, 0, "word" + i));
            assertThat(clients.get(i).next()).contains("\"text\":\"word" + i + "\"");
            assertThat(clients.get(i).closed()).startsWith("1000");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no JSON                                    | 1007 | not JSON",
                "{\"config\":{\"sample_rate\":7}}           | 1007 | a sample_rate of 7 is not understood",
                "{\"eof\":1}                                | 1003 | a config must come before the eof",
                "{\"config\":{\"stream_id\":\"taken\"}}     | 1008 | another connection has the stream taken",
            })
    void wrongInputIsToldToItsClientAndToNoOther(String message, int status, String reason) throws Exception {
        LiveClient other = LiveClient.connect(start(settings -> settings)).begin("taken");
        LiveClient client = LiveClient.connect(server).say(message);
        assertThat(client.next()).startsWith("{\"error\":\"" + reason);
        assertThat(client.closed()).startsWith(status + " " + reason);

        other.send(SECOND).join();
        other.say("{\"eof\":1}");
        await(() -> audio.ended("taken"));
        server.accept(Transcripts.end("taken", 0, "unharmed"));
        assertThat(other.next()).contains("unharmed");
    }

    @Test
    void wrongOrderIsRefusedAndTheStreamEnded() throws Exception {
        start(settings -> settings);
        LiveClient early = LiveClient.connect(server);
        early.send(SECOND).join();
        assertThat(early.next()).contains("a config must come before audio");
        assertThat(early.closed()).startsWith("1003");
        LiveClient twice = LiveClient.connect(server).begin("twice");
        twice.send(new byte[100]).join();
        twice.say("{\"config\":{}}");
        assertThat(twice.next()).contains("one stream and one config");
        await(() -> audio.ended("twice"));
        assertThat(audio.bytes("twice")).isEqualTo(100);
    }

    @Test
    void aConnectionThatDropsEndsItsStream() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("dropped");
        client.send(new byte[1000]).join();
        await(() -> server.connected() == 1);
        client.socket().abort();
        await(() -> audio.ended("dropped"));
        assertThat(audio.bytes("dropped")).isEqualTo(1000);
        await(() -> server.connected() == 0);
        LiveClient.connect(server).begin("dropped");
    }

    @Test
    void anOrderlyCloseWithoutEofEndsTheStreamToo() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("closed");
        client.socket().sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
        await(() -> audio.ended("closed"));
    }

    @Test
    void aMessageBeyondTheLimitIsRefused() throws Exception {
        start(settings -> settings.withMaxMessageBytes(4096));
        LiveClient whole = LiveClient.connect(server).begin("large");
        whole.send(new byte[5000]).join();
        assertThat(whole.next()).startsWith("{\"error\":");
        assertThat(whole.closed()).startsWith("1009");
        await(() -> audio.ended("large"));
        LiveClient parts = LiveClient.connect(server).begin("parts");
        for (int i = 0; i < 3; i++) {
            parts.socket()
                    .sendBinary(java.nio.ByteBuffer.wrap(new byte[2000]), false)
                    .join();
        }
        assertThat(parts.next()).isEqualTo("{\"error\":\"a message may have 4096 bytes at most\"}");
        assertThat(parts.closed()).startsWith("1009");
    }

    @Test
    void aClientOfASlowOutletIsHeldBackAndAnotherIsNot() throws Exception {
        start(settings -> settings.withMaxUnderWayBytes(64 << 10));
        LiveClient client = LiveClient.connect(server).begin("held");
        audio.hold();
        byte[] large = new byte[500_000];
        CompletableFuture<?> sending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 40; i++) {
                client.send(large).join();
            }
        });
        await(() -> audio.bytes("held") >= 64 << 10);
        TimeUnit.MILLISECONDS.sleep(500);
        // At most the message that went past the limit, the one behind it, and the buffers on the way.
        long heldBack = audio.bytes("held");
        assertThat(heldBack).isLessThan(5_000_000);
        assertThat(sending).isNotDone();

        LiveClient other = LiveClient.connect(server).begin("free");
        other.send(new byte[1600]).join();
        await(() -> audio.bytes("free") == 1600);

        audio.release();
        sending.get(20, TimeUnit.SECONDS);
        await(() -> audio.bytes("held") == 40L * large.length);
    }

    @Test
    void audioThatCannotBePassedOnIsToldToItsClient() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("lost");
        audio.fail(new IllegalStateException("no broker"));
        client.send(SECOND).join();
        assertThat(client.next()).isEqualTo("{\"error\":\"the audio could not be passed on\"}");
        assertThat(client.closed()).startsWith("1011");
    }

    @Test
    void whoSendsNothingIsDismissedAndTheStreamEnded() throws Exception {
        Duration beat = Duration.ofMillis(100);
        start(settings -> settings.withTimeouts(Duration.ofMillis(500), beat, Duration.ofSeconds(30)));
        LiveClient client = LiveClient.connect(server).begin("idle");
        assertThat(client.next()).isEqualTo("{\"error\":\"nothing came for 0.5 s\"}");
        assertThat(client.closed()).startsWith("1008");
        await(() -> audio.ended("idle"));
    }

    @Test
    void whoAnswersNoHeartbeatIsTakenForGone() throws Exception {
        Duration beat = Duration.ofMillis(100);
        start(settings -> settings.withTimeouts(Duration.ofMinutes(5), beat, Duration.ofSeconds(30)));
        LiveClient answering = LiveClient.connect(server).begin("answering");
        try (Socket silent = new Socket("127.0.0.1", server.address().getPort())) {
            silent.getOutputStream().write(HANDSHAKE);
            await(() -> server.connected() == 2);
            await(() -> server.connected() == 1);
        }
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(server.connected()).isEqualTo(1);
        assertThat(audio.ended("answering")).isFalse();
        answering.socket().abort();
    }

    @Test
    void lastResultsThatDoNotComeAreNotWaitedForWithoutEnd() throws Exception {
        start(settings -> settings.withTimeouts(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMillis(300)));
        LiveClient client = LiveClient.connect(server).begin("deaf").say("{\"eof\":1}");
        assertThat(client.next()).isEqualTo("{\"error\":\"no last result came within 0.3 s\"}");
        assertThat(client.closed()).startsWith("1011");
    }

    @Test
    void aLateLastResultIsWaitedForWhileOthersCome() throws Exception {
        start(settings -> settings.withTimeouts(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(1)));
        LiveClient client = LiveClient.connect(server).begin("long").say("{\"eof\":1}");
        await(() -> audio.ended("long"));
        for (int i = 0; i < 5; i++) {
            TimeUnit.MILLISECONDS.sleep(400);
            server.accept(Transcripts.partial("long", "part " + i));
            assertThat(client.next()).isEqualTo("{\"partial\":\"part " + i + "\"}");
        }
        server.accept(Transcripts.end("long", 0, null));
        assertThat(client.next()).isEqualTo("{\"text\":\"\"}");
        assertThat(client.closed()).startsWith("1000");
    }

    @Test
    void whoDoesNotReadItsResultsIsDismissedBeforeTheyPileUp() throws Exception {
        start(settings -> settings);
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(4096);
            deaf.connect(server.address());
            deaf.getOutputStream().write(HANDSHAKE);
            await(() -> server.connected() == 1);
            deaf.getOutputStream().write(masked("{\"config\":{\"sample_rate\":8000,\"stream_id\":\"deaf\"}}"));
            String text = "word ".repeat(20_000);
            await(() -> {
                server.accept(Transcripts.transcript("deaf", 0, text, true, EndOfUtterance.SILENCE));
                return audio.ended("deaf");
            });
            await(() -> server.connected() == 0);
        }
    }

    /** A text frame of a client, with a mask of zeros (RFC 6455, 5.2). */
    private static byte[] masked(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(bytes.length).isLessThan(126);
        byte[] frame = new byte[6 + bytes.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | bytes.length);
        System.arraycopy(bytes, 0, frame, 6, bytes.length);
        return frame;
    }

    @Test
    void aStoppingServerEndsEveryStream() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("stopped");
        client.send(new byte[1000]).join();
        await(() -> server.connected() == 1);
        server.close();
        assertThat(client.next()).isEqualTo("{\"error\":\"the server stops\"}");
        assertThat(client.closed()).startsWith("1001");
        assertThat(audio.ended("stopped")).isTrue();
    }

    @Test
    void beyondTheLimitConnectionsAreRefusedUntilOneIsFree() throws Exception {
        LiveClient first = LiveClient.connect(start(settings -> settings.withMaxConnections(1)));
        assertThatThrownBy(() -> LiveClient.connect(server))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(503));
        first.socket().abort();
        await(() -> server.connected() == 0);
        LiveClient.connect(server).begin("second");
    }

    @Test
    void aBrowserPageMayConnectOnlyFromAnAllowedOrigin() throws Exception {
        start(settings -> settings.withAllowedOrigins(Set.of("https://good.example")));
        assertThat(handshake("https://good.example")).isEqualTo(101);
        assertThat(handshake("https://evil.example")).isEqualTo(403);
        assertThat(handshake("null")).isEqualTo(403);
    }

    @Test
    void whatIsNoWebSocketIsAnsweredInHttp() throws Exception {
        start(settings -> settings);
        String base = "http://127.0.0.1:" + server.address().getPort();
        assertThat(get(base + "/")).isEqualTo("426 this is a WebSocket server\n");
        assertThat(get(base + "/elsewhere")).isEqualTo("404 there is only /\n");
    }

    private int handshake(String origin) {
        try {
            LiveClient.HTTP
                    .newWebSocketBuilder()
                    .header("Origin", origin)
                    .buildAsync(LiveClient.uri(server), new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    private static String get(String uri) throws Exception {
        HttpResponse<String> response = LiveClient.HTTP.send(
                HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("what was waited for does not come")
                    .isLessThan(limit);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
