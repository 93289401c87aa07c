package io.millrace.connectors.audio.live.internal;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of Asterisk's AudioSocket what a client of the WebSocket would have sent. A message is a byte of kind, two bytes of
 * length, the higher first, and so many bytes: a UUID to begin with, then 16-bit samples of one channel, and a hang-up.
 * Whatever else comes ends the call, with the reason in the log.
 */
final class AudioSocketDecoder extends ByteToMessageDecoder {

    /** Told to the handlers when a call has said which it is. */
    static final Object CALL_BEGUN = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(AudioSocketDecoder.class);
    private static final int HEAD = 3;
    private static final int HANG_UP = 0x00;
    private static final int IDENTIFIER = 0x01;
    private static final int DTMF = 0x03;
    private static final int ERROR = 0xff;
    private static final int IDENTIFIER_BYTES = 16;
    private static final int LIMIT_SECONDS = 10;

    /** Samples a second by kind of audio message. */
    private static final Map<Integer, Integer> RATES = Map.of(
            0x10, 8000, 0x11, 12_000, 0x12, 16_000, 0x13, 24_000, 0x14, 32_000, 0x15, 44_100, 0x16, 48_000, 0x17,
            96_000, 0x18, 192_000);

    private final Connections connections;
    private UUID call;
    private int rate;
    private long messages;
    private boolean over;

    AudioSocketDecoder(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        // Whoever connects and says nothing must not keep the socket.
        context.executor()
                .schedule(
                        () -> {
                            if (call == null) {
                                context.close();
                            }
                        },
                        LIMIT_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < HEAD) {
            return;
        }
        int kind = in.getUnsignedByte(in.readerIndex());
        int length = in.getUnsignedShort(in.readerIndex() + 1);
        String wrong = wrong(kind, length);
        if (wrong != null) {
            refuse(context, wrong);
            in.skipBytes(in.readableBytes());
        } else if (in.readableBytes() >= HEAD + length) {
            messages++;
            take(context, kind, in.skipBytes(HEAD).readSlice(length), out);
        }
    }

    /** Why a message cannot stand where it does; null if it can. Told by its head, before its bytes are waited for. */
    private String wrong(int kind, int length) {
        if (kind == IDENTIFIER) {
            return call != null
                    ? "a second UUID"
                    : length != IDENTIFIER_BYTES ? "a UUID of " + length + " bytes" : null;
        }
        if (kind == HANG_UP || kind == ERROR || kind == DTMF) {
            return null;
        }
        if (!RATES.containsKey(kind)) {
            return String.format("a message of the kind 0x%02x, which is not known", kind);
        }
        if (call == null) {
            return "audio before the UUID";
        }
        if (length % 2 != 0) {
            return "audio of " + length + " bytes, which is no whole number of samples";
        }
        return rate != 0 && rate != RATES.get(kind)
                ? "audio at " + RATES.get(kind) + " samples a second after audio at " + rate
                : null;
    }

    private void take(ChannelHandlerContext context, int kind, ByteBuf payload, List<Object> out) {
        if (kind == IDENTIFIER) {
            call = new UUID(payload.readLong(), payload.readLong());
            context.fireUserEventTriggered(CALL_BEGUN);
        } else if (kind == HANG_UP || kind == ERROR) {
            if (kind == ERROR) {
                LOG.warn("AudioSocket call {}: the caller's side reports an error", call);
            }
            over = true;
            if (call == null) {
                context.close();
            } else {
                out.add(new TextWebSocketFrame("{\"eof\":1}"));
            }
        } else if (kind != DTMF && payload.isReadable()) {
            if (rate == 0) {
                rate = RATES.get(kind);
                out.add(new TextWebSocketFrame("{\"config\":{\"stream_id\":\"" + call + "\",\"sample_rate\":" + rate
                        + ",\"partials\":false}}"));
            }
            out.add(new BinaryWebSocketFrame(payload.retain()));
        }
    }

    private void refuse(ChannelHandlerContext context, String reason) {
        over = true;
        LOG.warn(
                "AudioSocket call {} from {} ends: after {} messages came {} (malformed calls so far: {})",
                call == null ? "without a UUID" : call,
                context.channel().remoteAddress(),
                messages,
                reason,
                connections.malformed());
        context.close();
    }
}
