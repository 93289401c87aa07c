package io.millrace.simulators.audio;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

import io.millrace.connectors.audio.AudioFormatException;
import io.millrace.connectors.audio.AudioReader;

/** Reads whole recordings, their channels mixed to one. */
final class Recordings {
    private Recordings() {}

    /**
     * A recording in memory.
     *
     * @param sampleRate samples a second
     * @param samples samples in [-1, 1]
     */
    record Recording(int sampleRate, float[] samples) {
        /** A part, in samples. */
        float[] part(long offset, long length) {
            if (offset < 0 || length < 1 || offset + length > samples.length) {
                throw new IllegalArgumentException("samples " + offset + " to " + (offset + length)
                        + " are not within the " + samples.length + " of the recording");
            }
            return Arrays.copyOfRange(samples, (int) offset, (int) (offset + length));
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read; the message names it
     */
    static Recording read(Path file) throws IOException {
        try (AudioReader reader = AudioReader.open(file)) {
            float[] mixed = new float[1 << 16];
            int filled = 0;
            for (float[][] block = reader.next(); block != null; block = reader.next()) {
                int count = block[0].length;
                if (filled + count > mixed.length) {
                    mixed = Arrays.copyOf(mixed, Math.max(filled + count, 2 * mixed.length));
                }
                for (float[] channel : block) {
                    for (int i = 0; i < count; i++) {
                        mixed[filled + i] += channel[i] / block.length;
                    }
                }
                filled += count;
            }
            if (filled == 0) {
                throw new AudioFormatException("there are no samples in it");
            }
            return new Recording(reader.format().sampleRate(), Arrays.copyOf(mixed, filled));
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
