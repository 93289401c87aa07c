package io.millrace.models.speech;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StreamPositionTest {

    @Test
    void whatEarlierVersionsKeptAreFramesAlone() {
        long decadeOfFrames = 10L * 365 * 24 * 3600 * 25 / 2;

        assertThat(StreamPosition.frames(decadeOfFrames)).isEqualTo(decadeOfFrames);
        assertThat(StreamPosition.silent(decadeOfFrames)).isZero();
        assertThat(StreamPosition.of(decadeOfFrames, 0)).isEqualTo(decadeOfFrames);
    }

    @Test
    void holdsBothNumbers() {
        for (long frames : new long[] {0, 1, 750, (1L << 48) - 1}) {
            for (int silent : new int[] {0, 1, 10, 0x7fff, 0xffff}) {
                long position = StreamPosition.of(frames, silent);

                assertThat(StreamPosition.frames(position)).isEqualTo(frames);
                assertThat(StreamPosition.silent(position)).isEqualTo(silent);
            }
        }
    }
}
