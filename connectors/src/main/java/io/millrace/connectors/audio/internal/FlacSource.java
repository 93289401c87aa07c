package io.millrace.connectors.audio.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;

import io.millrace.connectors.audio.AudioFormat;
import io.millrace.connectors.audio.AudioFormatException;
import org.jflac.ChannelData;
import org.jflac.FLACDecoder;
import org.jflac.FrameListener;
import org.jflac.frame.Frame;
import org.jflac.frame.Header;
import org.jflac.metadata.Metadata;

/**
 * FLAC. The metadata are read here and only the stream information is handed to the decoder, since the rest (pictures,
 * comments) may claim any size. Each frame's checksum is verified; a damaged frame ends the reading.
 */
public final class FlacSource implements AudioSource {
    private static final int STREAM_INFO = 34;

    private final CountedInput in;
    private final AudioFormat format;
    private final int bits;
    private final long total;
    private final FLACDecoder decoder;
    private long decoded;
    private long frameEnd;

    /** Whether a file that begins so is a FLAC file. */
    public static boolean begins(byte[] head) {
        return head.length >= 4 && head[0] == 'f' && head[1] == 'L' && head[2] == 'a' && head[3] == 'C';
    }

    public FlacSource(CountedInput in) throws IOException {
        this.in = in;
        in.exactly(4, "FLAC marker");
        ByteBuffer first = ByteBuffer.wrap(in.exactly(4, "FLAC metadata header"));
        if ((first.getInt(0) & 0x7fff_ffff) != STREAM_INFO) {
            throw new AudioFormatException("FLAC: no stream information at byte " + (in.position() - 4));
        }
        ByteBuffer info = ByteBuffer.wrap(in.exactly(STREAM_INFO, "FLAC stream information"));
        long packed = info.getLong(10);
        format = AudioFormat.checked(AudioFormat.Codec.FLAC, packed >>> 44, (int) (packed >>> 41 & 7) + 1);
        bits = (int) (packed >>> 36 & 31) + 1;
        total = packed & 0xf_ffff_ffffL;
        if (bits < 4) {
            throw new AudioFormatException(
                    "FLAC: samples of " + bits + " bits do not exist (byte " + in.position() + ")");
        }
        skipMetadata(first.getInt(0) < 0);
        decoder = decoder(info.array());
        frameEnd = in.position();
    }

    private void skipMetadata(boolean last) throws IOException {
        while (!last) {
            int head = ByteBuffer.wrap(in.exactly(4, "FLAC metadata header")).getInt(0);
            in.skipExactly(head & 0xff_ffff, "FLAC metadata block");
            last = head < 0;
        }
    }

    private FLACDecoder decoder(byte[] info) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(8 + STREAM_INFO);
        head.put(new byte[] {'f', 'L', 'a', 'C'})
                .putInt(0x8000_0000 | STREAM_INFO)
                .put(info);
        FLACDecoder made = new FLACDecoder(new SequenceInputStream(new ByteArrayInputStream(head.array()), in));
        made.addFrameListener(new StopAtDamage());
        made.readMetadata();
        return made;
    }

    @Override
    public AudioFormat format() {
        return format;
    }

    @Override
    public float[][] next() throws IOException {
        if (total > 0 && decoded >= total) {
            return null;
        }
        Frame frame;
        try {
            frame = decoder.readNextFrame();
        } catch (DamagedFrameException e) {
            throw e.getMessage().contains("EOF") ? truncated() : damaged(e.getMessage(), e);
        }
        if (decoder.getBadFrames() > 0) {
            throw damaged("a frame cannot be decoded", null);
        }
        if (frame == null) {
            if (total > 0 || in.position() > frameEnd) {
                throw truncated();
            }
            return null;
        }
        frameEnd = in.position() - decoder.getBitInputStream().getInputBytesUnconsumed();
        return block(frame.header);
    }

    private float[][] block(Header header) throws AudioFormatException {
        if (header.channels != format.channels()
                || header.sampleRate != format.sampleRate()
                || header.bitsPerSample != bits) {
            throw damaged(
                    "the format changes to " + header.channels + " channels, " + header.sampleRate + " Hz, "
                            + header.bitsPerSample + " bits",
                    null);
        }
        int count = header.blockSize;
        if (total > 0) {
            count = (int) Math.min(count, total - decoded);
        }
        float[][] block = new float[format.channels()][count];
        double scale = 1.0 / (1L << bits - 1);
        ChannelData[] channels = decoder.getChannelData();
        for (int channel = 0; channel < block.length; channel++) {
            int[] samples = channels[channel].getOutput();
            for (int i = 0; i < count; i++) {
                block[channel][i] = (float) Math.max(-1, Math.min(1, samples[i] * scale));
            }
        }
        decoded += count;
        return block;
    }

    private AudioFormatException truncated() {
        return new AudioFormatException("truncated: the FLAC stream ends at byte " + in.position() + " after sample "
                + decoded + (total > 0 ? " of " + total : " within a frame"));
    }

    private AudioFormatException damaged(String what, Throwable cause) {
        return new AudioFormatException(
                "FLAC: damaged after sample " + decoded + ", before byte " + in.position() + ": " + what, cause);
    }

    /** The decoder would search on for the next frame that fits, and silence what does not. */
    private static final class StopAtDamage implements FrameListener {
        @Override
        public void processMetadata(Metadata metadata) {}

        @Override
        public void processFrame(Frame frame) {}

        @Override
        public void processError(String message) {
            throw new DamagedFrameException(message);
        }
    }

    private static final class DamagedFrameException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamagedFrameException(String message) {
            super(message);
        }
    }
}
