package io.millrace.connectors.zeek.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Undoes the escapes of Zeek's tab-separated logs: {@code \xHH} for a byte of UTF-8, two backslashes for one. */
final class Escapes {
    private Escapes() {}

    /** The text that was written; anything that looks like an escape but is none stays as it is. */
    static String undone(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); ) {
            int code = text.codePointAt(i);
            if (code == '\\' && i + 3 < text.length() && text.charAt(i + 1) == 'x' && hex(text, i + 2) >= 0) {
                bytes.write(hex(text, i + 2));
                i += 4;
            } else if (code == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '\\') {
                bytes.write('\\');
                i += 2;
            } else {
                bytes.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(code);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hex(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
