package io.millrace.connectors.media.internal;

import java.io.Closeable;
import java.util.Arrays;

import io.millrace.connectors.media.MediaFormatException;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_compare;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_copy;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_uninit;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;

/**
 * Brings decoded frames, whatever they are, to floats of one rate and one layout of channels: those of the first frame. Of a
 * chained stream that changes, what comes later is resampled and mixed to them. For one thread.
 */
final class SampleConverter implements Closeable {
    private final AVChannelLayout outLayout = new AVChannelLayout();
    private final AVChannelLayout inLayout = new AVChannelLayout();
    private final int rate;
    private final int channels;
    private SwrContext context;
    private int inFormat;
    private int inRate;

    /** What comes out has a rate and a number of channels. */
    SampleConverter(int rate, AVChannelLayout layout) {
        this.rate = rate;
        channels = layout.nb_channels();
        copy(layout, outLayout);
    }

    /** A layout that says nothing of its channels means the usual one for their number. */
    private static void copy(AVChannelLayout from, AVChannelLayout to) {
        if (from.order() == 0) {
            av_channel_layout_default(to, from.nb_channels());
        } else {
            av_channel_layout_copy(to, from);
        }
    }

    /**
     * The samples of a frame.
     *
     * @return samples [channels][samples], possibly none
     * @throws MediaFormatException if there is no way from it to the first frame's rate and channels
     */
    float[][] convert(AVFrame frame) throws MediaFormatException {
        float[][] before = new float[channels][0];
        if (context == null || changed(frame)) {
            before = rest();
            begin(frame);
        }
        return joined(before, run(frame.extended_data(), frame.nb_samples()));
    }

    private boolean changed(AVFrame frame) {
        AVChannelLayout layout = new AVChannelLayout();
        try {
            copy(frame.ch_layout(), layout);
            return frame.format() != inFormat
                    || frame.sample_rate() != inRate
                    || av_channel_layout_compare(layout, inLayout) != 0;
        } finally {
            av_channel_layout_uninit(layout);
            layout.close();
        }
    }

    private void begin(AVFrame frame) throws MediaFormatException {
        free();
        inFormat = frame.format();
        inRate = frame.sample_rate();
        av_channel_layout_uninit(inLayout);
        copy(frame.ch_layout(), inLayout);
        context = new SwrContext(null);
        int error =
                swr_alloc_set_opts2(context, outLayout, AV_SAMPLE_FMT_FLTP, rate, inLayout, inFormat, inRate, 0, null);
        if (error < 0 || swr_init(context) < 0) {
            throw new MediaFormatException("no way from " + inLayout.nb_channels() + " channels at " + inRate
                    + " Hz to " + channels + " at " + rate + " Hz, with which the input began");
        }
    }

    /** What a change of rate still holds back. */
    float[][] rest() throws MediaFormatException {
        return context == null ? new float[channels][0] : run(null, 0);
    }

    private float[][] run(PointerPointer<?> in, int count) throws MediaFormatException {
        int room = Math.max(1, swr_get_out_samples(context, count));
        try (FloatPointer samples = new FloatPointer((long) room * channels);
                PointerPointer<BytePointer> planes = new PointerPointer<>(channels)) {
            for (int channel = 0; channel < channels; channel++) {
                planes.put(channel, samples.getPointer((long) channel * room));
            }
            int given = swr_convert(context, planes, room, in, count);
            if (given < 0) {
                throw new MediaFormatException("samples cannot be converted: " + FfmpegLibrary.text(given));
            }
            float[][] block = new float[channels][given];
            for (int channel = 0; channel < channels; channel++) {
                samples.getPointer((long) channel * room).get(block[channel]);
            }
            return block;
        }
    }

    private static float[][] joined(float[][] one, float[][] other) {
        if (one[0].length == 0) {
            return other;
        }
        float[][] both = new float[one.length][];
        for (int channel = 0; channel < one.length; channel++) {
            both[channel] = Arrays.copyOf(one[channel], one[channel].length + other[channel].length);
            System.arraycopy(other[channel], 0, both[channel], one[channel].length, other[channel].length);
        }
        return both;
    }

    private void free() {
        if (context != null) {
            swr_free(context);
            context = null;
        }
    }

    @Override
    public void close() {
        free();
        av_channel_layout_uninit(inLayout);
        av_channel_layout_uninit(outLayout);
        inLayout.close();
        outLayout.close();
    }
}
