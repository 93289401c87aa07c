package io.millrace.connectors.media.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.millrace.connectors.media.MediaFormatException;
import io.millrace.connectors.media.MediaLimits;
import io.millrace.connectors.media.RawAudio;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_CRCCHECK;
import static org.bytedeco.ffmpeg.global.avcodec.av_get_exact_bits_per_sample;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_DURATION_FROM_STREAM;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

/**
 * How an input is opened: what may be opened at all, and what it is, where that is known without a look at more of it.
 *
 * @param name name of the file, of which nothing but its ending is used; empty for none
 * @param raw what the samples are if there is no container; null if there is one
 * @param limits how much is looked at to find out
 * @param piped whether the input comes while it is written
 */
record Opening(String name, RawAudio raw, MediaLimits limits, boolean piped) {

    /**
     * Opens an input and finds out what streams are in it. Of samples in a pipe nothing is read but the header.
     *
     * @param wav what goes along with the header of a WAV file; null if the input is none
     * @throws MediaFormatException if it is nothing that is read
     */
    AVFormatContext open(ByteInput input, WavHead wav, Complaints complaints) throws IOException {
        String format = raw != null ? raw.coding() : wav != null ? "wav" : null;
        AVInputFormat known = format == null ? null : av_find_input_format(format);
        if (piped && wav != null) {
            input.doNotWaitBehind(wav);
        }
        AVFormatContext context = avformat_alloc_context();
        context.pb(input.context());
        context.error_recognition(AV_EF_CRCCHECK);
        AVDictionary options = options(known != null);
        int error = avformat_open_input(context, name, known, options); // frees the context if it fails
        av_dict_free(options);
        input.waitAgain();
        if (error >= 0 && isPlain(context)) {
            context.duration_estimation_method(AVFMT_DURATION_FROM_STREAM);
        } else if (error >= 0) {
            error = avformat_find_stream_info(context, (AVDictionary) null);
            if (error < 0) {
                avformat_close_input(context);
            }
        }
        if (error < 0) {
            input.rethrow();
            throw new MediaFormatException(reason(error, complaints) + " (byte " + input.position() + ")");
        }
        return context;
    }

    /** What goes along with the header of a WAV file; null if an input that begins so is none. */
    WavHead wav(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return raw == null && text.matches("(?s)(RIFF|RIFX|RF64|BW64)....WAVE.*") ? new WavHead() : null;
    }

    private AVDictionary options(boolean known) {
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "format_whitelist", FfmpegLibrary.CONTAINERS, 0);
        av_dict_set(options, "codec_whitelist", FfmpegLibrary.codecNames(), 0);
        av_dict_set(options, "protocol_whitelist", "none", 0);
        av_dict_set(options, "probesize", Integer.toString(limits.probeBytes()), 0);
        av_dict_set(options, "formatprobesize", Integer.toString(limits.probeBytes()), 0);
        if (raw != null) {
            av_dict_set(options, "sample_rate", Integer.toString(raw.sampleRate()), 0);
            av_dict_set(options, "ch_layout", raw.channels() + "c", 0);
        }
        if (piped && known) {
            av_dict_set(options, "max_probe_packets", "0", 0);
        }
        return options;
    }

    /** Whether the input is a pipe of the samples themselves, one after the other, of which the header says all. */
    boolean isPlain(AVFormatContext context) {
        String format = context.iformat().name().getString();
        return piped
                && (format.equals("wav") || RawAudio.codings().contains(format))
                && context.nb_streams() == 1
                && av_get_exact_bits_per_sample(context.streams(0).codecpar().codec_id()) > 0;
    }

    private String reason(int error, Complaints complaints) {
        String first = complaints.first() == null ? FfmpegLibrary.text(error) : complaints.first();
        return first.startsWith("Format not on whitelist")
                ? "no sound that is read"
                : "no sound that is read: " + first;
    }
}
