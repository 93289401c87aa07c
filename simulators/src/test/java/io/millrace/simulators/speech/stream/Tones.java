package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.millrace.simulators.random.SeededRandom;

/** Tones in the place of speech: what is said is the pitch, so that it can be found again in the audio. */
final class Tones implements SpeechSource {
    private final int sampleRate;

    Tones(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    @Override
    public Speaker speaker(SeededRandom random) {
        int number = random.below(100);
        return each -> {
            int hertz = 300 + 100 * each.below(10);
            float[] tone = tone(sampleRate, hertz, 0.5, sampleRate / 2 + each.below(sampleRate));
            double end = (double) tone.length / sampleRate;
            return new Clip("" + hertz, "tone " + number, sampleRate, tone, List.of(new Clip.Word("" + hertz, 0, end)));
        };
    }

    static float[] tone(int sampleRate, double hertz, double amplitude, int count) {
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * i / sampleRate));
        }
        return samples;
    }

    /** Root mean square of a part. */
    static double level(float[] samples, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) samples[i] * samples[i];
        }
        return Math.sqrt(sum / (to - from));
    }

    /** Amplitude of a tone within a part (Goertzel's sum, written out). */
    static double amplitude(float[] samples, int from, int to, double hertz, int sampleRate) {
        double real = 0;
        double imaginary = 0;
        for (int i = from; i < to; i++) {
            double angle = 2 * Math.PI * hertz * i / sampleRate;
            real += samples[i] * Math.cos(angle);
            imaginary += samples[i] * Math.sin(angle);
        }
        return 2 * Math.hypot(real, imaginary) / (to - from);
    }

    /** Writes a WAV file of 16 bits and one channel. */
    static Path wav(Path file, int sampleRate, float[] samples) throws IOException {
        int bytes = 2 * samples.length;
        ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + bytes).put(ascii("WAVEfmt ")).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(sampleRate).putInt(2 * sampleRate);
        wav.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(bytes);
        for (float sample : samples) {
            wav.putShort((short) Math.round(sample * 32_767));
        }
        return Files.write(file, wav.array());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
