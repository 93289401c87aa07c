package io.millrace.connectors.media;

import java.util.Arrays;

/** Writes the checksums of Ogg pages anew. */
final class OggBytes {
    private OggBytes() {}

    /** Repairs the pages of a file as far as pages follow on each other; other files stay as they are. */
    static void repairChecksums(byte[] bytes) {
        int at = 0;
        while (at + 27 <= bytes.length && bytes[at] == 'O' && bytes[at + 1] == 'g') {
            int segments = bytes[at + 26] & 0xff;
            int end = at + 27 + segments;
            for (int i = at + 27; i < at + 27 + segments && i < bytes.length; i++) {
                end += bytes[i] & 0xff;
            }
            if (end > bytes.length) {
                return;
            }
            Arrays.fill(bytes, at + 22, at + 26, (byte) 0);
            int sum = 0;
            for (int i = at; i < end; i++) {
                sum ^= (bytes[i] & 0xff) << 24;
                for (int bit = 0; bit < 8; bit++) {
                    sum = sum << 1 ^ (sum < 0 ? 0x04c1_1db7 : 0);
                }
            }
            for (int i = 0; i < 4; i++) {
                bytes[at + 22 + i] = (byte) (sum >>> 8 * i);
            }
            at = end;
        }
    }
}
