package io.millrace.connectors.audio.internal;

import java.util.Arrays;
import java.util.BitSet;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Headers of a few bytes that would keep the decoder busy, or its memory full, for ever. */
class VorbisSetupTest {
    private final BitSet bits = new BitSet();
    private int length = 7 * 8;

    @Test
    void aCodebookWithoutDimensionsIsRefused() {
        put(0, 8).book(0, 100);
        assertRefused("codebook 0 is empty");
    }

    @Test
    void moreEntriesThanAnyoneNeedsAreRefused() {
        put(0, 8).book(1, (1 << 24) - 1);
        assertRefused("too many entries");
    }

    @Test
    void tablesOfGigabytesAreRefused() {
        put(0, 8).book(65_535, 1000).put(1, 1).put(0, 5).put(1000, 10).put(2, 4);
        assertRefused("too many values");
    }

    @Test
    void dimensionsThatOverflowAreRefused() {
        put(0, 8)
                .book(40, 1000)
                .put(1, 1)
                .put(0, 5)
                .put(1000, 10)
                .put(1, 4)
                .put(0, 32)
                .put(0, 32)
                .put(0, 5);
        assertRefused("40 dimensions");
    }

    @Test
    void whatBreaksOffIsRefused() {
        put(0, 8).book(2, 100).put(0, 1);
        assertRefused("it ends at byte");
    }

    private void assertRefused(String message) {
        byte[] packet = Arrays.copyOf(bits.toByteArray(), (length + 7) / 8);
        assertThatThrownBy(() -> VorbisSetup.check(packet, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
    }

    private VorbisSetupTest book(int dimensions, int entries) {
        return put(0x564342, 24).put(dimensions, 16).put(entries, 24);
    }

    private VorbisSetupTest put(long value, int width) {
        for (int i = 0; i < width; i++) {
            bits.set(length++, (value >> i & 1) != 0);
        }
        return this;
    }
}
