package io.millrace.connectors.media.internal;

import java.io.Closeable;
import java.io.IOException;

import io.millrace.connectors.media.MediaFormatException;
import io.millrace.connectors.media.MediaLimits;
import io.millrace.connectors.media.RawAudio;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;

/** A container: finds out what it is, and takes the packets of its sound apart. For one thread. */
public final class Container implements Closeable {
    /** Errors in a row that a container may give before it is taken to be at its end. */
    private static final int PATIENCE = 100;
    /** How far into a file its WAV header is followed, to learn the length of the data. */
    private static final int LONGEST_WAV_HEADER = 1 << 16;

    private final ByteSource source;
    private final Opening opening;
    private final Complaints complaints = new Complaints();
    private final AVPacket packet = av_packet_alloc();
    private ByteInput input;
    private AVFormatContext context;
    private AVStream stream;
    private String format;
    private String codec;
    private Ending ending;
    private String complaint;
    private long base;
    private long packetPosition;
    private int failures;

    /**
     * Opens a container and finds its sound.
     *
     * @param name the name of the file, of which nothing but its ending is used; empty for none
     * @param raw what the samples are if there is no container, null if there is one
     * @throws MediaFormatException if there is no sound in it that is read
     * @throws IOException if it cannot be read
     */
    public static Container open(ByteSource source, String name, RawAudio raw, MediaLimits limits) throws IOException {
        FfmpegLibrary.load();
        Container container = null;
        try {
            byte[] head = source.peek(OggPages.HEAD);
            if (head.length == 0) {
                throw new MediaFormatException("the input is empty");
            }
            ByteSource bytes = raw == null ? OggPages.of(source, head) : source;
            container = new Container(bytes, new Opening(name, raw, limits, bytes.size() < 0));
            container.begin(head);
            return container;
        } catch (IOException | RuntimeException e) {
            if (container != null) {
                container.close();
            }
            source.close();
            throw e;
        }
    }

    private Container(ByteSource source, Opening opening) {
        this.source = source;
        this.opening = opening;
    }

    private void begin(byte[] head) throws IOException {
        base = source.position();
        input = new ByteInput(source);
        try (Complaints.Listening listening = complaints.listen()) {
            probe(head);
        }
    }

    private void probe(byte[] head) throws IOException {
        WavHead wav = opening.wav(head);
        if (wav != null && !opening.piped()) {
            byte[] more = source.peek(LONGEST_WAV_HEADER);
            wav.pass(more, more.length);
        }
        context = opening.open(input, wav, complaints);
        int best = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
        if (best < 0) {
            throw new MediaFormatException("there is no sound in it");
        }
        choose(best);
        ending = new Ending(context, stream, wav);
        if (opening.isPlain(context)) {
            input.inUnitsOf(Math.max(1, stream.codecpar().block_align()));
        }
    }

    private void choose(int best) {
        for (int i = 0; i < context.nb_streams(); i++) {
            if (i != best) {
                context.streams(i).discard(AVDISCARD_ALL);
            }
        }
        stream = context.streams(best);
        format = context.iformat().name().getString().replaceAll(",.*", "");
        codec = avcodec_get_name(stream.codecpar().codec_id()).getString();
    }

    /** Short name of the container, as ffmpeg has it. */
    public String format() {
        return format;
    }

    /** Name of the coding, as ffmpeg has it. */
    public String codec() {
        return codec;
    }

    AVStream stream() {
        return stream;
    }

    /**
     * The next packet of the sound, valid until the next call; null at the end, or where the container gives up. What it
     * complains of meanwhile is kept for {@link #complaint}.
     *
     * @throws IOException if the input cannot be read
     */
    AVPacket next() throws IOException {
        complaint = null;
        try (Complaints.Listening listening = complaints.listen()) {
            while (true) {
                av_packet_unref(packet);
                input.goOn();
                int error = av_read_frame(context, packet);
                if (error < 0) {
                    input.rethrow();
                }
                if (error >= 0 && packet.stream_index() == stream.index()) {
                    failures = 0;
                    packetPosition = packet.pos() >= 0 ? base + packet.pos() : input.position();
                    ending.counted(packet);
                    complaint = complaints.first();
                    return packet;
                }
                if (error == AVERROR_EOF()) {
                    packetPosition = input.position();
                    complaint = lastComplaint();
                    return null;
                }
                if (error < 0) {
                    packetPosition = input.position();
                    complaint = complaints.first() != null ? complaints.first() : FfmpegLibrary.text(error);
                    return ++failures < PATIENCE ? empty() : null;
                }
            }
        }
    }

    /** What is said, or missing, at the end. The parser of Opus takes the end for a packet, and finds it to be none. */
    private String lastComplaint() {
        String last = complaints.first();
        if (last != null && !last.contains("Error parsing Opus packet header")) {
            return last;
        }
        return source instanceof OggPages pages ? pages.missing() : ending.missing();
    }

    /**
     * Goes on with the next link of a chain whose links are decoded apart.
     *
     * @return false if there is none
     * @throws MediaFormatException if there is no sound in it that is read
     * @throws IOException if the input cannot be read
     */
    boolean nextLink() throws IOException {
        if (!(source instanceof OggPages pages) || !pages.next()) {
            return false;
        }
        release();
        begin(new byte[0]);
        return true;
    }

    private AVPacket empty() {
        av_packet_unref(packet);
        return packet;
    }

    /** What the container complained of at the last packet, or misses at the end; null for nothing. */
    public String complaint() {
        return complaint;
    }

    /** Byte at which the last packet begins, roughly. */
    public long packetPosition() {
        return packetPosition;
    }

    private void release() {
        if (context != null) {
            avformat_close_input(context);
            context = null;
        }
        if (input != null) {
            input.close();
            input = null;
        }
    }

    @Override
    public void close() throws IOException {
        av_packet_free(packet);
        release();
        source.close();
    }
}
