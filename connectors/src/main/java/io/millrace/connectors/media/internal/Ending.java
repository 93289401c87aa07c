package io.millrace.connectors.media.internal;

import java.util.Locale;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;

import static org.bytedeco.ffmpeg.global.avcodec.av_get_exact_bits_per_sample;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_DURATION_FROM_STREAM;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

/** Whether all was there that the header of a container promised. The libraries are content with what there is. */
final class Ending {
    /** From here on the size in a WAV header is what a writer puts who cannot know it; so is 0. */
    private static final long UNKNOWN_BYTES = 0x7fff_f000L;

    private final long promisedBytes;
    private final long promised;
    private final double unit;
    private final boolean exact;
    private long bytes;
    private long counted;
    private long longest;

    /**
     * What a header promises.
     *
     * @param head what is known of a WAV file's header; null if the container is another
     */
    Ending(AVFormatContext context, AVStream stream, WavHead head) {
        exact = av_get_exact_bits_per_sample(stream.codecpar().codec_id()) > 0;
        int block = stream.codecpar().block_align();
        long size = head == null ? 0 : head.dataBytes();
        promisedBytes = size > 0 && size < UNKNOWN_BYTES && block > 1 | exact ? size - size % Math.max(1, block) : -1;
        boolean known = head == null && context.duration_estimation_method() == AVFMT_DURATION_FROM_STREAM;
        promised = known && stream.duration() != AV_NOPTS_VALUE ? stream.duration() : -1;
        unit = (double) stream.time_base().num() / stream.time_base().den();
    }

    /** Takes note of a packet. */
    void counted(AVPacket packet) {
        bytes += packet.size();
        counted += packet.duration();
        longest = Math.max(longest, packet.duration());
    }

    /** What is missing at the end of the input; null if nothing is known to be. */
    String missing() {
        if (bytes < promisedBytes) {
            return "truncated: the data end after " + bytes + " of " + promisedBytes + " bytes";
        }
        if (counted < promised - (exact ? 0 : longest)) {
            return String.format(
                    Locale.ROOT, "truncated: the input ends after %.3f of %.3f s", counted * unit, promised * unit);
        }
        return null;
    }
}
