package io.millrace.schemas.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.millrace.schemas.AudioEncoding;

/** The bytes of an audio chunk: samples in [-1, 1] written and read in each {@link AudioEncoding}. */
public final class AudioSamples {

    private static final float FULL_SCALE = 32_768f;

    private AudioSamples() {}

    /**
     * Writes samples, rounding to the nearest value there is.
     *
     * @throws IllegalArgumentException if the encoding is unknown
     */
    public static ByteBuffer encode(float[] samples, int count, AudioEncoding encoding) {
        ByteBuffer bytes = ByteBuffer.allocate(count * bytesPerSample(encoding)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            switch (encoding) {
                case PCM_F32LE -> bytes.putFloat(samples[i]);
                case MULAW -> bytes.put(MuLaw.code(pcm16(samples[i])));
                default -> bytes.putShort((short) pcm16(samples[i]));
            }
        }
        return bytes.flip();
    }

    /**
     * Reads samples; the buffer stays as it is. What is beyond full scale, as floating point can be, is read as it stands.
     *
     * @throws IllegalArgumentException if the encoding is unknown, the bytes are no whole number of samples, or one of
     *     them is no finite number
     */
    public static float[] decode(ByteBuffer data, AudioEncoding encoding) {
        int width = bytesPerSample(encoding);
        if (data.remaining() % width != 0) {
            throw new IllegalArgumentException(
                    data.remaining() + " bytes are no whole number of samples of " + width + " bytes");
        }
        ByteBuffer bytes = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] samples = new float[data.remaining() / width];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = switch (encoding) {
                case PCM_F32LE -> bytes.getFloat();
                case MULAW -> MuLaw.value(bytes.get()) / FULL_SCALE;
                default -> bytes.getShort() / FULL_SCALE;
            };
            if (!Float.isFinite(samples[i])) {
                throw new IllegalArgumentException("sample " + i + " is " + samples[i]);
            }
        }
        return samples;
    }

    /**
     * Bytes of one sample.
     *
     * @throws IllegalArgumentException if the encoding is unknown
     */
    public static int bytesPerSample(AudioEncoding encoding) {
        return switch (encoding) {
            case PCM_S16LE -> 2;
            case PCM_F32LE -> 4;
            case MULAW -> 1;
            default -> throw new IllegalArgumentException("no encoding of samples: " + encoding);
        };
    }

    private static int pcm16(float sample) {
        return Math.max(-32_768, Math.min(32_767, Math.round(sample * FULL_SCALE)));
    }
}
