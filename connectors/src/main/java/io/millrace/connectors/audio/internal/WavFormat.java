package io.millrace.connectors.audio.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.millrace.connectors.audio.AudioFormat;
import io.millrace.connectors.audio.AudioFormatException;

/**
 * The format chunk of a WAV file.
 *
 * @param audio rate and channels
 * @param coding how a sample is written
 */
record WavFormat(AudioFormat audio, WavCoding coding) {
    private static final int EXTENSIBLE = 0xfffe;
    /** What follows the format tag in the sub-format's GUID. */
    private static final byte[] GUID_TAIL = {
        0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71
    };

    /** Bytes of one sample of every channel. */
    int frameBytes() {
        return audio.channels() * coding.bytes();
    }

    /** Reads the chunk's content, 16 bytes or more; position is where it begins, for errors. */
    static WavFormat of(byte[] chunk, long position) throws AudioFormatException {
        ByteBuffer fields = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        int tag = fields.getShort(0) & 0xffff;
        AudioFormat audio =
                AudioFormat.checked(AudioFormat.Codec.WAV, fields.getInt(4) & 0xffffffffL, fields.getShort(2) & 0xffff);
        int frame = fields.getShort(12) & 0xffff;
        int bits = fields.getShort(14) & 0xffff;
        if (tag == EXTENSIBLE) {
            tag = subFormat(fields, position);
        }
        WavCoding coding = WavCoding.of(tag, bits);
        if (coding == null) {
            throw new AudioFormatException(String.format(
                    "WAV: samples of %d bits in coding 0x%04x%s (format chunk at byte %d) are not read",
                    bits, tag, name(tag), position));
        }
        if (frame != audio.channels() * coding.bytes()) {
            throw new AudioFormatException("WAV: the format chunk at byte " + position + " gives " + audio.channels()
                    + " channels of " + bits + " bits a frame of " + frame + " bytes");
        }
        return new WavFormat(audio, coding);
    }

    private static int subFormat(ByteBuffer fields, long position) throws AudioFormatException {
        if (fields.limit() < 40) {
            throw new AudioFormatException("WAV: the extensible format chunk at byte " + position + " has "
                    + fields.limit() + " bytes, not 40");
        }
        for (int i = 0; i < GUID_TAIL.length; i++) {
            if (fields.get(26 + i) != GUID_TAIL[i]) {
                throw new AudioFormatException(
                        "WAV: the format chunk at byte " + position + " has an unknown sub-format");
            }
        }
        return fields.getShort(24) & 0xffff;
    }

    private static String name(int tag) {
        return switch (tag) {
            case 1 -> " (PCM)";
            case 2 -> " (Microsoft ADPCM)";
            case 3 -> " (float)";
            case 6 -> " (A-law)";
            case 7 -> " (mu-law)";
            case 0x11 -> " (IMA ADPCM)";
            case 0x31 -> " (GSM 6.10)";
            case 0x55 -> " (MP3)";
            default -> "";
        };
    }
}
