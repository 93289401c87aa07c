package io.millrace.connectors.audio.live.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AudioSocketDecoderTest {

    private static byte[] call() {
        ByteBuffer bytes = ByteBuffer.allocate(3 + 16 + 2 * (3 + 320) + 3);
        bytes.put((byte) 1).putShort((short) 16).putLong(1).putLong(2);
        for (int i = 0; i < 2; i++) {
            bytes.put((byte) 0x10).putShort((short) 320).put(new byte[320]);
        }
        return bytes.put((byte) 0).putShort((short) 0).array();
    }

    private static List<WebSocketFrame> frames(byte[] bytes, Random random) {
        EmbeddedChannel channel = new EmbeddedChannel(new AudioSocketDecoder(new Connections(1)));
        int at = 0;
        while (at < bytes.length && channel.isOpen()) {
            int count = Math.min(bytes.length - at, 1 + random.nextInt(400));
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, count));
            at += count;
        }
        List<WebSocketFrame> frames = new ArrayList<>();
        for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            frames.add(frame);
        }
        channel.finishAndReleaseAll();
        return frames;
    }

    @Test
    void aCallBecomesAConfigItsAudioAndAnEnd() {
        List<WebSocketFrame> frames = frames(call(), new Random(1));
        assertThat(frames)
                .hasExactlyElementsOfTypes(
                        TextWebSocketFrame.class,
                        BinaryWebSocketFrame.class,
                        BinaryWebSocketFrame.class,
                        TextWebSocketFrame.class);
        assertThat(((TextWebSocketFrame) frames.get(0)).text())
                .isEqualTo("{\"config\":{\"stream_id\":\"00000000-0000-0001-0000-000000000002\",\"sample_rate\":8000,"
                        + "\"partials\":false}}");
        assertThat(frames.get(1).content().readableBytes()).isEqualTo(320);
        assertThat(((TextWebSocketFrame) frames.get(3)).text()).isEqualTo("{\"eof\":1}");
        frames.forEach(WebSocketFrame::release);
    }

    @Test
    void anyBytesGiveWholeSamplesOfOneRateOrNothing() {
        byte[] good = call();
        Random random = new Random(20_240_511);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(5); i >= 0; i--) {
                bytes[random.nextInt(random.nextBoolean() ? 25 : bytes.length)] = (byte) random.nextInt();
            }
            boolean configured = false;
            boolean over = false;
            for (WebSocketFrame frame : frames(bytes, random)) {
                assertThat(over).as("frames after the end, round %d", round).isFalse();
                if (frame instanceof TextWebSocketFrame text) {
                    over = text.text().contains("eof");
                    configured |= text.text().contains("config");
                } else {
                    assertThat(configured).isTrue();
                    assertThat(frame.content().readableBytes() % 2).isZero();
                }
                frame.release();
            }
        }
    }
}
