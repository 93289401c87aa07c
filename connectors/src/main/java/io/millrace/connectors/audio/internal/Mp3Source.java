package io.millrace.connectors.audio.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.JavaLayerException;

import io.millrace.connectors.audio.AudioFormat;
import io.millrace.connectors.audio.AudioFormatException;

/**
 * MPEG audio. Frames are found here and handed to the decoder one by one, so that it never searches; the silence that an
 * encoder says it added is taken off.
 */
public final class Mp3Source implements AudioSource {
    /** How far the first frame may be from the beginning. */
    private static final int SEARCH = 32_768;

    private final CountedInput in;
    private final AudioFormat format;
    private final MpegHeader first;
    private final MpegSummary summary;
    private final FrameFeed feed = new FrameFeed();
    private final Bitstream stream = new Bitstream(feed);
    private final Decoder decoder = new Decoder();
    private final SampleCollector samples;
    private long frames;
    private long skip;
    private long left;

    /** Moves to the first frame that another follows, if there is one near. */
    public static boolean seeks(CountedInput in) throws IOException {
        return seeks(in, 4096) || seeks(in, CountedInput.PEEK); // a pipe may not have much yet
    }

    private static boolean seeks(CountedInput in, int reach) throws IOException {
        byte[] ahead = in.peek(reach);
        for (int at = 0; at < Math.min(SEARCH, ahead.length - MpegHeader.SIZE); at++) {
            MpegHeader header = MpegHeader.at(ahead, at);
            if (header != null) {
                MpegHeader next = MpegHeader.at(ahead, at + header.length());
                if (next != null ? header.fits(next) : at == 0 && ahead.length <= header.length()) {
                    in.skipExactly(at, "bytes before the first MPEG frame");
                    return true;
                }
            }
        }
        return false;
    }

    public Mp3Source(CountedInput in) throws IOException {
        this.in = in;
        first = MpegHeader.at(in.peek(MpegHeader.SIZE), 0);
        format = AudioFormat.checked(AudioFormat.Codec.MP3, first.sampleRate(), first.channels());
        samples = new SampleCollector(first.channels(), first.samples());
        decoder.setOutputBuffer(samples);
        MpegSummary found = MpegSummary.in(in.peek(first.length()), first);
        summary = found == null ? MpegSummary.NONE : found;
        if (found != null) {
            in.exactly(first.length(), "MPEG frame");
        }
        skip = summary.delay();
        left = summary.frames() < 0
                ? Long.MAX_VALUE
                : Math.max(0, summary.frames() * first.samples() - summary.delay() - summary.padding());
    }

    @Override
    public AudioFormat format() {
        return format;
    }

    @Override
    public float[][] next() throws IOException {
        while (true) {
            float[][] decoded = frame();
            if (decoded == null) {
                return null;
            }
            int from = (int) Math.min(skip, decoded[0].length);
            int to = (int) Math.min(decoded[0].length, from + left);
            skip -= from;
            left -= to - from;
            if (to > from) {
                for (int i = 0; i < decoded.length; i++) {
                    decoded[i] = Arrays.copyOfRange(decoded[i], from, to);
                }
                return decoded;
            }
        }
    }

    private float[][] frame() throws IOException {
        byte[] head = in.peek(MpegHeader.SIZE);
        MpegHeader header = MpegHeader.at(head, 0);
        if (header == null) {
            return end(head);
        }
        if (!first.fits(header)) {
            throw new AudioFormatException("MP3: the format changes at byte " + in.position() + ", frame " + frames);
        }
        long at = in.position();
        byte[] frame = in.exactly(header.length(), "MPEG frame");
        samples.clear_buffer();
        try {
            feed.next(frame);
            decoder.decodeFrame(stream.readFrame(), stream);
            stream.closeFrame();
        } catch (JavaLayerException e) {
            throw new AudioFormatException("MP3: the frame at byte " + at + " cannot be decoded: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new AudioFormatException("MP3: the frame at byte " + at + " makes no sense (" + e + ")", e);
        }
        frames++;
        return samples.block();
    }

    /** The end if it is one: nothing, a tag, or zeros; and if the summary says no more frames. */
    private float[][] end(byte[] head) throws AudioFormatException {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        boolean tag =
                text.startsWith("TAG") || text.startsWith("APET") || text.startsWith("LYRI") || text.startsWith("ID3");
        boolean zeros = Arrays.equals(head, new byte[head.length]);
        if (head.length == MpegHeader.SIZE && !tag && !zeros) {
            throw new AudioFormatException("MP3: no frame at byte " + in.position() + ", after frame " + frames);
        }
        boolean cut = head.length > 0 && head.length < MpegHeader.SIZE && !zeros;
        if (cut || frames < summary.frames()) {
            throw new AudioFormatException("truncated: the MP3 stream ends at byte " + in.position() + " after "
                    + frames + (summary.frames() < 0 ? "" : " of " + summary.frames()) + " frames");
        }
        return null;
    }

    /** What the decoder reads from: one frame, and then for now the end. */
    private static final class FrameFeed extends InputStream {
        private InputStream frame = new ByteArrayInputStream(new byte[0]);

        void next(byte[] bytes) {
            frame = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() throws IOException {
            return frame.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return frame.read(bytes, offset, length);
        }
    }
}
