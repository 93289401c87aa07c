package io.millrace.connectors.audio.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.millrace.connectors.audio.AudioFormat;
import io.millrace.connectors.audio.AudioFormatException;

/**
 * WAV: chunks, of which the format and the data matter; reading ends with the data. A data size of 0 or near the
 * largest, which writers to a pipe leave behind, means all there is. Bytes of the data that make no whole frame are
 * dropped where the size is given, and are a truncation where it is not.
 */
public final class WavSource implements AudioSource {
    /** From here on a size is what a writer puts who cannot know it. */
    private static final long UNKNOWN = 0x7fff_f000L;

    private static final int MAX_FORMAT = 4096;

    private final CountedInput in;
    private final WavFormat format;
    private final long dataStart;
    private final long frames;
    private final byte[] bytes;
    private long read;
    private boolean cut;

    /** Whether a file that begins so is a WAV file. */
    public static boolean begins(byte[] head) {
        if (head.length < 12) {
            return false;
        }
        String outer = text(head, 0);
        return (outer.equals("RIFF") || outer.equals("RF64") || outer.equals("RIFX"))
                && text(head, 8).equals("WAVE");
    }

    public WavSource(CountedInput in) throws IOException {
        this.in = in;
        byte[] head = in.exactly(12, "WAV header");
        if (text(head, 0).equals("RIFX")) {
            throw new AudioFormatException("WAV: big-endian files (RIFX at byte 0) are not read");
        }
        long outer = size(head, 4);
        long longSize = -1;
        WavFormat found = null;
        byte[] chunk = chunk(in);
        while (!text(chunk, 0).equals("data")) {
            long at = in.position();
            long size = size(chunk, 4);
            if (text(chunk, 0).equals("fmt ")) {
                if (size < 16 || size > MAX_FORMAT) {
                    throw new AudioFormatException("WAV: the format chunk at byte " + at + " has " + size + " bytes");
                }
                found = WavFormat.of(in.exactly((int) size, "format chunk"), at);
                in.skipExactly(size & 1, "padding of the format chunk");
            } else if (text(chunk, 0).equals("ds64") && size >= 16 && size <= MAX_FORMAT) {
                longSize = ByteBuffer.wrap(in.exactly((int) (size + (size & 1)), "ds64 chunk"))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong(8);
            } else {
                in.skipExactly(size + (size & 1), text(chunk, 0) + " chunk");
            }
            chunk = chunk(in);
        }
        if (found == null) {
            throw new AudioFormatException("WAV: the data at byte " + in.position() + " come before any format chunk");
        }
        format = found;
        dataStart = in.position();
        frames = frames(size(chunk, 4), outer, longSize);
        bytes = new byte[Math.max(1, format.audio().sampleRate() / 50) * format.frameBytes()];
    }

    /** Frames that the header promises; -1 if it cannot know. */
    private long frames(long size, long outer, long longSize) {
        if (size == 0xffff_ffffL && longSize > 0) {
            return longSize / format.frameBytes();
        }
        boolean moreFollows = outer < UNKNOWN && outer > dataStart - 8;
        if (size >= UNKNOWN || size == 0 && !moreFollows) {
            return -1;
        }
        return size / format.frameBytes();
    }

    private static byte[] chunk(CountedInput in) throws IOException {
        if (in.peek(1).length == 0) {
            throw new AudioFormatException("truncated: the WAV file ends at byte " + in.position() + " without data");
        }
        return in.exactly(8, "chunk header");
    }

    @Override
    public AudioFormat format() {
        return format.audio();
    }

    @Override
    public float[][] next() throws IOException {
        int frameBytes = format.frameBytes();
        long wanted = bytes.length / frameBytes;
        if (frames >= 0) {
            wanted = Math.min(wanted, frames - read);
        }
        int got = in.readNBytes(bytes, 0, (int) wanted * frameBytes);
        int whole = got / frameBytes;
        if (whole == 0) {
            if (frames >= 0 && read < frames || got > 0 || cut) {
                throw new AudioFormatException(
                        "truncated: the WAV data at byte " + dataStart + " end at byte " + in.position()
                                + (frames < 0 ? " within a sample" : " after " + read + " of " + frames + " samples"));
            }
            return null;
        }
        cut = got % frameBytes != 0;
        float[][] block = block(whole);
        read += whole;
        return block;
    }

    private float[][] block(int count) throws AudioFormatException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        float[][] block = new float[format.audio().channels()][count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            for (float[] channel : block) {
                float sample = format.coding().sample(buffer, at);
                if (Float.isNaN(sample)) {
                    throw new AudioFormatException("WAV: sample " + (read + i) + " is not a number (byte "
                            + (dataStart + read * format.frameBytes() + at) + ")");
                }
                channel[i] = Math.max(-1, Math.min(1, sample));
                at += format.coding().bytes();
            }
        }
        return block;
    }

    private static String text(byte[] bytes, int at) {
        return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
    }

    private static long size(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at) & 0xffff_ffffL;
    }
}
