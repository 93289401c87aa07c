package io.millrace.connectors.audio.live;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.millrace.schemas.EndOfUtterance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the server does not let a client do: too much, too fast, nothing at all, or to connect. */
class SpeechServerLimitsTest extends ServerFixture {
    private static final byte[] HANDSHAKE =
            ("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

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
    void whoSendsNothingIsDismissedAndTheStreamEnded() throws Exception {
        Duration beat = Duration.ofMillis(250);
        start(settings -> settings.withTimeouts(Duration.ofMillis(500), beat, Duration.ofSeconds(30)));
        LiveClient client = LiveClient.connect(server).begin("idle");
        assertThat(client.next()).isEqualTo("{\"error\":\"nothing came for 0.5 s\"}");
        assertThat(client.closed()).startsWith("1008");
        await(() -> audio.ended("idle"));
    }

    @Test
    void whoAnswersNoHeartbeatIsTakenForGone() throws Exception {
        Duration beat = Duration.ofMillis(500);
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
        assertThat(get(base + "/elsewhere")).startsWith("426 ");
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
}
