package io.millrace.connectors.audio.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.millrace.schemas.AudioEncoding;

/** Writes samples as an audio chunk carries them. */
public final class SampleEncoder {
    private SampleEncoder() {}

    /**
     * Encodes samples in [-1, 1], rounding to the nearest value there is.
     *
     * @throws IllegalArgumentException if the encoding is none that can be written
     */
    public static ByteBuffer encode(float[] samples, int count, AudioEncoding encoding) {
        ByteBuffer bytes = ByteBuffer.allocate(count * bytesPerSample(encoding)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            switch (encoding) {
                case PCM_F32LE -> bytes.putFloat(samples[i]);
                case MULAW -> bytes.put(Companding.toMuLaw(pcm16(samples[i])));
                default -> bytes.putShort((short) pcm16(samples[i]));
            }
        }
        return bytes.flip();
    }

    /** Bytes of one sample. */
    public static int bytesPerSample(AudioEncoding encoding) {
        return switch (encoding) {
            case PCM_S16LE -> 2;
            case PCM_F32LE -> 4;
            case MULAW -> 1;
            default -> throw new IllegalArgumentException("samples cannot be written as " + encoding);
        };
    }

    private static int pcm16(float sample) {
        return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768f)));
    }
}
