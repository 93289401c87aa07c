package io.millrace.connectors.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Native memory is nobody's but ours to give back: what the process holds does not grow with what it has read. */
class MemoryTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void aLongInputTakesNoMoreThanAShortOne() throws IOException {
        read(20 * MEGABYTE);
        long before = resident();
        read(600 * MEGABYTE);
        assertThat(resident() - before).isLessThan(100 * MEGABYTE);
    }

    private static void read(long bytes) throws IOException {
        byte[] wav = Fixtures.bytes("tone-stereo.wav");
        byte[] header = Arrays.copyOf(wav, wav.length - 4000);
        Arrays.fill(header, header.length - 4, header.length, (byte) 0xff);
        InputStream zeros = new InputStream() {
            private long left = bytes;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int count = (int) Math.min(length, left);
                Arrays.fill(into, offset, offset + count, (byte) 0);
                left -= count;
                return count == 0 ? -1 : count;
            }
        };
        try (AudioTrack track = Fixtures.open(new SequenceInputStream(new ByteArrayInputStream(header), zeros), null)) {
            long samples = 0;
            for (float[][] block = track.next(); block != null; block = track.next()) {
                samples += block[0].length;
            }
            assertThat(samples).isEqualTo(bytes / 4);
        }
    }

    @Test
    void aTrackThatIsClosedLeavesNothingBehind() throws IOException {
        openAndClose(100);
        long before = resident();
        openAndClose(3000);
        assertThat(resident() - before).isLessThan(40 * MEGABYTE);
    }

    private static void openAndClose(int times) throws IOException {
        byte[][] inputs = {
            Fixtures.bytes("chained.opus"),
            Fixtures.bytes("tone.mp3"),
            Fixtures.bytes("tone-faststart.m4a"),
            new byte[3000]
        };
        for (int i = 0; i < times; i++) {
            try (AudioTrack track = Fixtures.open(inputs[i % inputs.length])) {
                track.next();
            } catch (MediaFormatException e) {
                assertThat(i % inputs.length).isEqualTo(3);
            }
        }
    }

    private static long resident() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }
}
