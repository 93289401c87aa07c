package io.millrace.connectors.audio.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.millrace.connectors.audio.AudioFormatException;

/**
 * One page of an Ogg file (RFC 3533, section 6), its checksum verified.
 *
 * @param head the fixed part of the header
 * @param lacing lengths of the segments
 * @param body the segments
 */
record OggPage(ByteBuffer head, byte[] lacing, byte[] body) {
    private static final int HEADER = 27;

    static OggPage read(CountedInput in) throws IOException {
        long at = in.position();
        byte[] head = in.exactly(HEADER, "Ogg page header");
        if (!OggPackets.begins(head) || head[4] != 0) {
            throw new AudioFormatException("Ogg: no page at byte " + at);
        }
        byte[] lacing = in.exactly(head[26] & 0xff, "Ogg page header");
        int size = 0;
        for (byte each : lacing) {
            size += each & 0xff;
        }
        byte[] body = in.exactly(size, "Ogg page");
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int expected = fields.getInt(22);
        fields.putInt(22, 0);
        if (OggChecksum.of(head, lacing, body) != expected) {
            throw new AudioFormatException("Ogg: the page at byte " + at + " is damaged: its checksum differs");
        }
        return new OggPage(fields, lacing, body);
    }

    boolean continued() {
        return (head.get(5) & 1) != 0;
    }

    boolean first() {
        return (head.get(5) & 2) != 0;
    }

    boolean last() {
        return (head.get(5) & 4) != 0;
    }

    long granule() {
        return head.getLong(6);
    }

    long serial() {
        return head.getInt(14) & 0xffff_ffffL;
    }

    long sequence() {
        return head.getInt(18) & 0xffff_ffffL;
    }

    int segments() {
        return lacing.length;
    }

    int segment(int index) {
        return lacing[index] & 0xff;
    }

    /** Index of the segment with which the last packet on this page ends; -1 if none does. */
    int lastEnd() {
        int index = lacing.length - 1;
        while (index >= 0 && segment(index) == 255) {
            index--;
        }
        return index;
    }

    boolean startsWith(String text) {
        return new String(body, 0, Math.min(body.length, text.length()), StandardCharsets.ISO_8859_1).equals(text);
    }

    String content() {
        return startsWith("OpusHead")
                ? "Opus"
                : startsWith("Speex") ? "Speex" : startsWith("\u007fFLAC") ? "FLAC in Ogg" : "an unknown codec";
    }
}
