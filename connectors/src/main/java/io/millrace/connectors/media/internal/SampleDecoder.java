package io.millrace.connectors.media.internal;

import java.io.Closeable;
import java.io.IOException;

import io.millrace.connectors.media.MediaFormatException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_CRCCHECK;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

/**
 * Decodes the sound of a {@link Container} to floats at its own rate. What an encoder added in front and behind is taken off
 * by the library, which is told of it by the packets. A packet that cannot be decoded is left out, and complained of. For one
 * thread.
 */
public final class SampleDecoder implements Closeable {
    private static final int AGAIN = -11;

    private final Container container;
    private final Complaints complaints = new Complaints();
    private final AVFrame frame = av_frame_alloc();
    private AVCodecContext context;
    private final SampleConverter converter;
    private final int sampleRate;
    private final int channels;
    private String complaint;
    private boolean ended;

    /**
     * A decoder for a container, which stays the caller's to close.
     *
     * @throws MediaFormatException if its coding is not read
     */
    public SampleDecoder(Container container) throws MediaFormatException {
        this.container = container;
        try {
            begin();
        } catch (MediaFormatException e) {
            free();
            throw e;
        }
        sampleRate = context.sample_rate();
        channels = context.ch_layout().nb_channels();
        converter = new SampleConverter(sampleRate, context.ch_layout());
    }

    private void begin() throws MediaFormatException {
        AVCodecParameters parameters = container.stream().codecpar();
        AVCodec codec = avcodec_find_decoder(parameters.codec_id());
        if (codec == null) {
            throw new MediaFormatException(container.codec() + " is not read");
        }
        context = avcodec_alloc_context3(codec);
        try (Complaints.Listening listening = complaints.listen()) {
            open(codec, parameters);
        }
    }

    private void open(AVCodec codec, AVCodecParameters parameters) throws MediaFormatException {
        int error = avcodec_parameters_to_context(context, parameters);
        context.pkt_timebase(container.stream().time_base());
        context.thread_count(1);
        context.err_recognition(AV_EF_CRCCHECK);
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "codec_whitelist", FfmpegLibrary.codecNames(), 0);
        error = error < 0 ? error : avcodec_open2(context, codec, options);
        av_dict_free(options);
        if (error < 0) {
            String reason = complaints.first() == null ? FfmpegLibrary.text(error) : complaints.first();
            throw new MediaFormatException(container.codec() + " is not read (" + reason + ")");
        }
    }

    /** Samples a second of one channel. */
    public int sampleRate() {
        return sampleRate;
    }

    /** Number of channels. */
    public int channels() {
        return channels;
    }

    /**
     * Decodes on: the next samples, if the next packet has any.
     *
     * @return samples [channels][samples], possibly none; null at the end
     * @throws MediaFormatException if what comes next can be brought to no samples like those before
     * @throws IOException if the input cannot be read
     */
    public float[][] next() throws IOException {
        complaint = null;
        if (context == null) {
            return end();
        }
        try (Complaints.Listening listening = complaints.listen()) {
            int received = avcodec_receive_frame(context, frame);
            if (received == AVERROR_EOF()) {
                return end();
            }
            if (received >= 0) {
                complaint = complaints.first();
                return converter.convert(frame);
            }
            if (received != AGAIN) {
                complain(received);
                return none();
            }
        }
        AVPacket packet = container.next();
        complaint = container.complaint();
        if (packet == null) {
            send(null);
        } else if (packet.size() > 0) {
            send(packet);
        }
        return none();
    }

    private void send(AVPacket packet) {
        try (Complaints.Listening listening = complaints.listen()) {
            int error = avcodec_send_packet(context, packet);
            if (error < 0 || complaints.first() != null) {
                complain(error);
            }
        }
    }

    private void complain(int error) {
        if (complaint == null) {
            complaint = complaints.first() != null ? complaints.first() : FfmpegLibrary.text(error);
        }
    }

    /** The end of all, or of a link; the converter keeps what it holds back for the next one. */
    private float[][] end() throws IOException {
        if (ended) {
            return null;
        }
        leave();
        try {
            if (container.nextLink()) {
                begin();
                return none();
            }
        } catch (MediaFormatException e) {
            complaint = e.getMessage();
            return none();
        }
        ended = true;
        return converter.rest();
    }

    private float[][] none() {
        return new float[channels][0];
    }

    /** What the last {@link #next} met with that could not be decoded; null for nothing. */
    public String complaint() {
        return complaint;
    }

    private void free() {
        av_frame_free(frame);
        leave();
    }

    private void leave() {
        if (context != null) {
            avcodec_free_context(context);
            context = null;
        }
    }

    @Override
    public void close() {
        free();
        converter.close();
    }
}
