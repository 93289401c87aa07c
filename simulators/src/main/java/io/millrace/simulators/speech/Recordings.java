package io.millrace.simulators.speech;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import io.millrace.connectors.audio.AudioReader;
import io.millrace.schemas.audio.Resampler;

/** Whole recordings in memory: 16 kHz, one channel, amplitudes in [-1, 1]. */
public final class Recordings {

    private static final int RATE = 16_000;
    private static final float FULL_SCALE = 32_768;

    private Recordings() {}

    /** Reads a file of any format that is read, its channels mixed. */
    public static float[] read(Path file) throws IOException {
        try (AudioReader reader = AudioReader.open(file)) {
            return mono(reader, new Resampler(reader.format().sampleRate()));
        }
    }

    /** Reads what is left of a recording through a resampler that has heard nothing yet. */
    static float[] mono(AudioReader reader, Resampler resampler) throws IOException {
        float[] all = new float[RATE];
        int count = 0;
        for (float[][] block = reader.next(); block != null; block = reader.next()) {
            float[] mono = new float[block[0].length];
            for (float[] channel : block) {
                for (int i = 0; i < mono.length; i++) {
                    mono[i] += channel[i] / block.length;
                }
            }
            float[] resampled = resampler.push(mono);
            all = appended(all, count, resampled);
            count += resampled.length;
        }
        float[] rest = resampler.finish();
        all = appended(all, count, rest);
        return Arrays.copyOf(all, count + rest.length);
    }

    private static float[] appended(float[] all, int count, float[] more) {
        float[] roomy = count + more.length <= all.length
                ? all
                : Arrays.copyOf(all, Math.max(2 * all.length, count + more.length));
        System.arraycopy(more, 0, roomy, count, more.length);
        return roomy;
    }

    /** Writes a WAV file of 16 bits. */
    public static void write(Path file, float[] samples) throws IOException {
        byte[] bytes = new byte[2 * samples.length];
        for (int i = 0; i < samples.length; i++) {
            int value = Math.max(-32_768, Math.min(32_767, Math.round(samples[i] * FULL_SCALE)));
            bytes[2 * i] = (byte) value;
            bytes[2 * i + 1] = (byte) (value >> 8);
        }
        AudioFormat format = new AudioFormat(RATE, 16, 1, true, false);
        try (AudioInputStream stream = new AudioInputStream(new ByteArrayInputStream(bytes), format, samples.length)) {
            AudioSystem.write(stream, AudioFileFormat.Type.WAVE, file.toFile());
        }
    }
}
