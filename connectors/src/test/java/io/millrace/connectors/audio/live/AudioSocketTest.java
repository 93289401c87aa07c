package io.millrace.connectors.audio.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import io.millrace.schemas.AudioChunk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls as Asterisk makes them, byte by byte. */
class AudioSocketTest extends ServerFixture {

    private static final UUID CALL = UUID.fromString("40325ec2-5efd-4bd3-805f-53576e581d13");

    private InetSocketAddress calls;

    @BeforeEach
    void listen() throws IOException {
        listen(Duration.ofSeconds(60), 200);
    }

    private void listen(Duration idle, int connections) throws IOException {
        if (server != null) {
            server.close();
        }
        start(settings -> settings.withMaxConnections(connections)
                .withTimeouts(idle, Duration.ofMillis(200), Duration.ofSeconds(30)));
        calls = server.listenForCalls(new InetSocketAddress("127.0.0.1", 0));
    }

    private static byte[] message(int kind, byte... payload) {
        return ByteBuffer.allocate(3 + payload.length)
                .put((byte) kind)
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }

    private static byte[] identifier(UUID call) {
        return message(
                0x01,
                ByteBuffer.allocate(16)
                        .putLong(call.getMostSignificantBits())
                        .putLong(call.getLeastSignificantBits())
                        .array());
    }

    /** 20 ms, as a telephone sends it: samples that count up from a number. */
    private static byte[] audio(int kind, int samples, int from) {
        ByteBuffer payload = ByteBuffer.allocate(2 * samples).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            payload.putShort((short) (from + i));
        }
        return message(kind, payload.array());
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] call(UUID id, int packets) {
        byte[][] parts = new byte[packets + 2][];
        parts[0] = identifier(id);
        for (int i = 0; i < packets; i++) {
            parts[i + 1] = audio(0x10, 160, 160 * i);
        }
        parts[packets + 1] = message(0x00);
        return joined(parts);
    }

    private Socket connect() throws IOException {
        return new Socket(calls.getAddress(), calls.getPort());
    }

    private void send(byte[] bytes) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private List<AudioChunk> heard(UUID id) {
        return audio.of(id.toString());
    }

    private boolean ended(UUID id) {
        return heard(id).stream().anyMatch(AudioChunk::getEndOfStream);
    }

    private int samples(UUID id) {
        return heard(id).stream()
                .mapToInt(chunk -> chunk.getData().remaining() / 2)
                .sum();
    }

    private static void assertClosed(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketException reset) {
            // Closed with bytes unread is a reset.
            assertThat(reset).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x10, 8000",
        "0x11, 12000",
        "0x12, 16000",
        "0x13, 24000",
        "0x14, 32000",
        "0x15, 44100",
        "0x16, 48000",
        "0x17, 96000",
        "0x18, 192000"
    })
    void aCallIsAStreamUnderItsUuid(String kind, int rate) throws Exception {
        int code = Integer.decode(kind);
        send(joined(
                identifier(CALL),
                audio(code, rate / 50, 0),
                message(0x03, (byte) '5'),
                audio(code, rate / 50, rate / 50),
                message(0x00)));
        await(() -> ended(CALL));
        assertThat(heard(CALL))
                .allSatisfy(chunk -> assertThat(chunk.getSampleRate()).isEqualTo(rate));
        ByteBuffer all = ByteBuffer.allocate(2 * 2 * (rate / 50)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        heard(CALL).forEach(chunk -> all.put(chunk.getData().duplicate()));
        assertThat(all.hasRemaining()).isFalse();
        all.flip();
        for (int i = 0; all.hasRemaining(); i++) {
            assertThat(all.getShort()).isEqualTo((short) i);
        }
    }

    @Test
    void messagesMayBeCutAnywhere() throws Exception {
        byte[] whole = call(CALL, 3);
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            for (byte each : whole) {
                socket.getOutputStream().write(each);
                socket.getOutputStream().flush();
            }
            await(() -> ended(CALL));
        }
        assertThat(samples(CALL)).isEqualTo(480);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallThatBreaksOffHasItsEnd(boolean reset) throws Exception {
        Socket socket = connect();
        socket.getOutputStream().write(joined(identifier(CALL), audio(0x10, 160, 0)));
        socket.getOutputStream().flush();
        await(() -> server.connected() == 1);
        Thread.sleep(200);
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
        await(() -> ended(CALL) && server.connected() == 0);
        assertThat(samples(CALL)).isEqualTo(160);
    }

    @ParameterizedTest
    @ValueSource(strings = {"second-uuid", "short-uuid", "unknown", "odd", "other-rate"})
    void whatIsMalformedEndsTheCallAndKeepsWhatCameBefore(String fault) throws Exception {
        byte[] wrong =
                switch (fault) {
                    case "second-uuid" -> identifier(UUID.randomUUID());
                    case "short-uuid" -> message(0x01, new byte[15]);
                    case "unknown" -> message(0x42, new byte[4]);
                    case "odd" -> message(0x10, new byte[321]);
                    default -> audio(0x12, 320, 0);
                };
        try (Socket socket = connect()) {
            socket.getOutputStream().write(joined(identifier(CALL), audio(0x10, 160, 0), wrong, audio(0x10, 160, 0)));
            socket.getOutputStream().flush();
            assertClosed(socket);
        }
        await(() -> ended(CALL));
        assertThat(samples(CALL)).isEqualTo(160);
    }

    @Test
    void audioWithoutAUuidIsHeardByNobody() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(audio(0x10, 160, 0));
            socket.getOutputStream().flush();
            assertClosed(socket);
        }
        assertThat(audio.all()).isEmpty();
    }

    @Test
    void aCallThatFallsSilentIsEnded() throws Exception {
        listen(Duration.ofMillis(600), 200);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(joined(identifier(CALL), audio(0x10, 160, 0)));
            socket.getOutputStream().flush();
            assertClosed(socket);
        }
        await(() -> ended(CALL));
    }

    @Test
    void callsAndClientsShareTheirPlaces() throws Exception {
        listen(Duration.ofSeconds(60), 1);
        try (Socket first = connect()) {
            first.getOutputStream().write(identifier(CALL));
            first.getOutputStream().flush();
            await(() -> server.connected() == 1);
            try (Socket second = connect()) {
                assertClosed(second);
            }
        }
        await(() -> server.connected() == 0);
        send(call(CALL, 1));
        await(() -> ended(CALL));
    }

    /** Whoever comes again before the last final is out would read another's words. */
    @ParameterizedTest
    @ValueSource(longs = {0, 500, 1000, 2000, 5000})
    void aUuidIsFreeAgainWhenItsLastFinalIsOut(long pauseMillis) throws Exception {
        send(call(CALL, 2));
        await(() -> ended(CALL));
        Thread.sleep(pauseMillis);
        try (Socket again = connect()) {
            again.getOutputStream().write(joined(identifier(CALL), audio(0x10, 160, 7000)));
            again.getOutputStream().flush();
            assertClosed(again);
        }
        assertThat(samples(CALL))
                .as("nothing of the second call is in the stream of the first")
                .isEqualTo(320);
        server.accept(Transcripts.end(CALL.toString(), 0, "good bye"));
        await(() -> server.connected() == 0);
        send(call(CALL, 3));
        await(() -> samples(CALL) == 320 + 480);
    }

    @Test
    void mutatedCallsHarmNobody() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 400; round++) {
            UUID id = new UUID(1, round);
            byte[] bytes = call(id, 2);
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(random.nextInt(4) == 0 ? bytes.length : 40)] = (byte) random.nextInt();
            }
            byte[] sent = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
            try (Socket socket = connect()) {
                socket.getOutputStream().write(sent);
            } catch (java.net.SocketException closedFirst) {
                assertThat(closedFirst).isNotNull();
            }
        }
        await(() -> server.connected() == 0);
        send(call(CALL, 4));
        await(() -> ended(CALL));
        assertThat(samples(CALL)).isEqualTo(640);
    }
}
