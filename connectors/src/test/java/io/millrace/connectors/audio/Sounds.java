package io.millrace.connectors.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/** Sounds for tests, and ways to read and measure them. */
final class Sounds {
    private Sounds() {}

    static byte[] file(String name) {
        try (InputStream in = Objects.requireNonNull(Sounds.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All samples [channels][samples] of an audio file. */
    static float[][] decode(byte[] bytes) throws IOException {
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(bytes))) {
            return rest(reader);
        }
    }

    static float[][] rest(AudioReader reader) throws IOException {
        float[][] all = new float[reader.channels()][0];
        int filled = 0;
        for (float[][] block = reader.next(); block != null; block = reader.next()) {
            for (int channel = 0; channel < all.length; channel++) {
                if (filled + block[channel].length > all[channel].length) {
                    all[channel] = Arrays.copyOf(all[channel], 2 * (filled + block[channel].length));
                }
                System.arraycopy(block[channel], 0, all[channel], filled, block[channel].length);
            }
            filled += block[0].length;
        }
        for (int channel = 0; channel < all.length; channel++) {
            all[channel] = Arrays.copyOf(all[channel], filled);
        }
        return all;
    }

    /** A sine that begins with phase 0. */
    static float[] sine(int rate, double hertz, double amplitude, int count) {
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return samples;
    }

    static double rms(float[] samples, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) samples[i] * samples[i];
        }
        return Math.sqrt(sum / (to - from));
    }

    /** How alike two signals are within a range: 1 for the same shape at the same time. */
    static double likeness(float[] one, float[] other, int from, int to) {
        double product = 0;
        for (int i = from; i < to; i++) {
            product += (double) one[i] * other[i];
        }
        return product / (to - from) / (rms(one, from, to) * rms(other, from, to));
    }
}
