package io.millrace.connectors.kafka.internal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.schemas.DeadLetter;

/**
 * Cuts a dead letter to what its topic takes and says in it how much was cut. Key, headers and message keep their
 * beginnings; the value has what is left, which is most of it.
 */
public final class LetterCutter {
    /** Part of the room that message and key each may have, and headers twice that. */
    private static final int SHARE = 16;
    /** Bytes of what is not cut: names, numbers, and what Avro writes between. */
    private static final int FIXED = 1024;
    /** Bytes of what Avro writes for one header beside its name and value. */
    private static final int HEADER = 16;

    private final DeadLetter letter;
    private final int room;
    private long lost;

    private LetterCutter(DeadLetter letter, int bytes) {
        this.letter = letter;
        room = Math.max(0, bytes - FIXED);
    }

    /**
     * A letter that fits.
     *
     * @param letter what does not fit as it is
     * @param bytes bytes of key and value of the letter's record at most; its key is the letter's
     */
    public static DeadLetter cut(DeadLetter letter, int bytes) {
        return new LetterCutter(letter, bytes).cut();
    }

    private DeadLetter cut() {
        String message = cut(letter.getMessage(), room / SHARE);
        ByteBuffer key = cut(letter.getKey(), room / SHARE);
        Map<String, ByteBuffer> headers = cut(letter.getHeaders(), 2 * room / SHARE);
        int taken = Utf8Text.bytes(message) + 2 * length(key) + length(headers);
        ByteBuffer value = cut(letter.getValue(), Math.max(0, room - taken));
        DeadLetter.Builder cut = DeadLetter.newBuilder(letter)
                .setMessage(message)
                .setKey(key)
                .setHeaders(headers)
                .setValue(value);
        if (length(value) < length(letter.getValue()) && letter.getValueBytes() == null) {
            cut.setValueBytes((long) length(letter.getValue()));
        }
        return cut.setCutBytes(letter.getCutBytes() + lost).build();
    }

    private String cut(String text, int bytes) {
        String cut = Utf8Text.cut(text, bytes);
        lost += Utf8Text.bytes(text) - Utf8Text.bytes(cut);
        return cut;
    }

    private ByteBuffer cut(ByteBuffer bytes, int most) {
        if (bytes == null || bytes.remaining() <= most) {
            return bytes;
        }
        lost += bytes.remaining() - most;
        byte[] beginning = new byte[most];
        bytes.duplicate().get(beginning);
        return ByteBuffer.wrap(beginning);
    }

    private Map<String, ByteBuffer> cut(Map<String, ByteBuffer> headers, int most) {
        Map<String, ByteBuffer> kept = new LinkedHashMap<>();
        int left = most;
        for (Map.Entry<String, ByteBuffer> header : headers.entrySet()) {
            int name = Utf8Text.bytes(header.getKey());
            if (name + HEADER > left) {
                lost += name + length(header.getValue());
                continue;
            }
            ByteBuffer value = cut(header.getValue(), left - name - HEADER);
            kept.put(header.getKey(), value);
            left -= name + HEADER + length(value);
        }
        return kept;
    }

    private static int length(ByteBuffer bytes) {
        return bytes == null ? 0 : bytes.remaining();
    }

    private static int length(Map<String, ByteBuffer> headers) {
        return headers.entrySet().stream()
                .mapToInt(header -> Utf8Text.bytes(header.getKey()) + HEADER + length(header.getValue()))
                .sum();
    }
}
