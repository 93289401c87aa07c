package io.millrace.connectors.kafka.internal;

import java.nio.charset.StandardCharsets;

/** Texts by their length in UTF-8. */
final class Utf8Text {
    private Utf8Text() {}

    /** Bytes of the text in UTF-8. */
    static int bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** The beginning of a text, of so many bytes at most; no character is cut in two. */
    static String cut(String text, int bytes) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= bytes) {
            return text;
        }
        int end = bytes;
        while (end > 0 && (utf8[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }
}
