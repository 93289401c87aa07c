package io.millrace.simulators.speech;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import io.millrace.connectors.audio.AudioOptions;
import io.millrace.connectors.audio.AudioReader;
import io.millrace.connectors.audio.ChannelChoice;
import io.millrace.connectors.media.MediaFormatException;
import io.millrace.schemas.audio.Resampler;

/** Whole recordings in memory: one channel, amplitudes in [-1, 1]. */
public final class Recordings {

    private static final float FULL_SCALE = 32_768;

    private Recordings() {}

    /**
     * A recording as it was made, its channels mixed.
     *
     * @param sampleRate samples a second
     * @param samples samples in [-1, 1]; not to be changed
     */
    public record Recording(int sampleRate, float[] samples) {

        /**
         * The samples {@code offset} to {@code offset + length}.
         *
         * @throws IllegalArgumentException if the recording has not all of them
         */
        public float[] part(long offset, long length) {
            if (offset < 0 || length < 1 || offset + length > samples.length) {
                throw new IllegalArgumentException("samples " + offset + " to " + (offset + length)
                        + " are not within the " + samples.length + " of the recording");
            }
            return Arrays.copyOfRange(samples, (int) offset, (int) (offset + length));
        }

        /** The samples at 16 kHz. */
        float[] resampled() {
            if (sampleRate == Resampler.OUTPUT_RATE) {
                return samples;
            }
            Resampler resampler = new Resampler(sampleRate);
            float[] most = resampler.push(samples);
            float[] rest = resampler.finish();
            float[] all = Arrays.copyOf(most, most.length + rest.length);
            System.arraycopy(rest, 0, all, most.length, rest.length);
            return all;
        }
    }

    /**
     * Reads a file of any format that is read, at 16 kHz.
     *
     * @throws IOException if it cannot be read; the message names it
     */
    public static float[] read(Path file) throws IOException {
        Recording recording = original(file);
        try {
            return recording.resampled();
        } catch (IllegalArgumentException e) { // a rate from which there is no way to 16 kHz
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a file of any format that is read, at its own rate.
     *
     * @throws IOException if it cannot be read, is damaged or has no samples; the message names it
     */
    public static Recording original(Path file) throws IOException {
        try (AudioReader reader = AudioReader.open(file, AudioOptions.STANDARD.with(ChannelChoice.MIX))) {
            float[] mixed = new float[1 << 16];
            int filled = 0;
            for (float[][] block = reader.next(); block != null; block = reader.next()) {
                int count = block[0].length;
                if (filled + count > mixed.length) {
                    mixed = Arrays.copyOf(mixed, Math.max(filled + count, 2 * mixed.length));
                }
                System.arraycopy(block[0], 0, mixed, filled, count);
                filled += count;
            }
            if (reader.damage().count() > 0) {
                throw new MediaFormatException(reader.damage().lines().get(0));
            }
            if (filled == 0) {
                throw new MediaFormatException("there are no samples in it");
            }
            return new Recording(reader.format().sampleRate(), Arrays.copyOf(mixed, filled));
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is not there", e);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Writes a WAV file of 16 bits, 16 kHz. */
    public static void write(Path file, float[] samples) throws IOException {
        byte[] bytes = new byte[2 * samples.length];
        for (int i = 0; i < samples.length; i++) {
            int value = Math.max(-32_768, Math.min(32_767, Math.round(samples[i] * FULL_SCALE)));
            bytes[2 * i] = (byte) value;
            bytes[2 * i + 1] = (byte) (value >> 8);
        }
        AudioFormat format = new AudioFormat(Resampler.OUTPUT_RATE, 16, 1, true, false);
        try (AudioInputStream stream = new AudioInputStream(new ByteArrayInputStream(bytes), format, samples.length)) {
            AudioSystem.write(stream, AudioFileFormat.Type.WAVE, file.toFile());
        }
    }
}
