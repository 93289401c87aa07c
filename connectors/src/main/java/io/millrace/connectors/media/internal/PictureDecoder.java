package io.millrace.connectors.media.internal;

import java.io.Closeable;

import io.millrace.connectors.media.MediaFormatException;
import io.millrace.connectors.media.Picture;
import io.millrace.connectors.media.Pictures;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_BMP;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_GIF;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PNG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_TIFF;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_WEBP;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_DEFAULT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

/** Decodes one still picture. For one thread. */
public final class PictureDecoder implements Closeable {

    private static final int ONE = 1 << 16;

    private final Complaints complaints = new Complaints();
    private final String name;
    private final AVFrame frame = av_frame_alloc();
    private AVCodecContext context;

    /**
     * Decodes a picture.
     *
     * @throws MediaFormatException if it cannot be
     */
    public PictureDecoder(byte[] bytes) throws MediaFormatException {
        FfmpegLibrary.load();
        int codec = codec(bytes);
        name = name(codec);
        try (Complaints.Listening listening = complaints.listen()) {
            decode(avcodec_find_decoder(codec), bytes);
        } catch (MediaFormatException e) {
            close();
            throw e;
        }
    }

    /** The coding by the first bytes. */
    private static int codec(byte[] bytes) throws MediaFormatException {
        if (begins(bytes, 0, 0xff, 0xd8, 0xff)) {
            return AV_CODEC_ID_MJPEG;
        }
        if (begins(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return AV_CODEC_ID_PNG;
        }
        if (begins(bytes, 0, 'B', 'M')) {
            return AV_CODEC_ID_BMP;
        }
        if (begins(bytes, 0, 'G', 'I', 'F', '8')) {
            return AV_CODEC_ID_GIF;
        }
        if (begins(bytes, 0, 'R', 'I', 'F', 'F') && begins(bytes, 8, 'W', 'E', 'B', 'P')) {
            return AV_CODEC_ID_WEBP;
        }
        if (begins(bytes, 0, 'I', 'I', 42, 0) || begins(bytes, 0, 'M', 'M', 0, 42)) {
            return AV_CODEC_ID_TIFF;
        }
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            first.append(String.format(" %02x", bytes[i]));
        }
        throw new MediaFormatException("no picture that is read: " + bytes.length + " bytes"
                + (first.length() == 0 ? "" : ", which begin with" + first));
    }

    private static boolean begins(byte[] bytes, int at, int... with) {
        for (int i = 0; i < with.length; i++) {
            if (at + i >= bytes.length || (bytes[at + i] & 0xff) != with[i]) {
                return false;
            }
        }
        return true;
    }

    private static String name(int codec) {
        return avcodec_find_decoder(codec).name().getString();
    }

    private void decode(AVCodec codec, byte[] bytes) throws MediaFormatException {
        context = avcodec_alloc_context3(codec);
        context.thread_count(1);
        context.max_pixels(Pictures.MAX_PIXELS);
        require(avcodec_open2(context, codec, (PointerPointer<?>) null));
        AVPacket packet = av_packet_alloc();
        try {
            require(av_new_packet(packet, bytes.length));
            packet.data().put(bytes);
            require(avcodec_send_packet(context, packet));
            require(avcodec_send_packet(context, null));
            require(avcodec_receive_frame(context, frame));
        } finally {
            av_packet_free(packet);
        }
        if (complaints.first() != null) {
            throw wrong(complaints.first());
        }
        if (frame.width() < 1 || frame.height() < 1) {
            throw wrong(frame.width() + " by " + frame.height() + " pixels");
        }
    }

    private void require(int result) throws MediaFormatException {
        if (result < 0) {
            throw wrong(complaints.first() == null ? FfmpegLibrary.text(result) : complaints.first());
        }
    }

    private MediaFormatException wrong(String reason) {
        return new MediaFormatException("a damaged picture (" + name + "): " + reason);
    }

    /**
     * The picture at a size, or at its own where it is 0.
     *
     * @throws MediaFormatException if its colours are not understood
     */
    public Picture decode(int width, int height) throws MediaFormatException {
        Turn turn = Turn.of(frame);
        int ownWidth = turn.swaps() ? frame.height() : frame.width();
        int ownHeight = turn.swaps() ? frame.width() : frame.height();
        int w = width == 0 ? ownWidth : width;
        int h = height == 0 ? ownHeight : height;
        if (3L * w * h > Integer.MAX_VALUE) {
            throw wrong(w + " by " + h + " pixels are too many");
        }
        byte[] lying = turn.swaps() ? scaled(h, w) : scaled(w, h);
        return new Picture(w, h, turn.upright(lying, w, h), ownWidth, ownHeight);
    }

    private byte[] scaled(int width, int height) throws MediaFormatException {
        SwsContext scaler = sws_getContext(
                frame.width(),
                frame.height(),
                frame.format(),
                width,
                height,
                AV_PIX_FMT_RGB24,
                SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT,
                null,
                null,
                (DoublePointer) null);
        if (scaler == null) {
            throw wrong("its colours are not understood");
        }
        int row = 3 * width;
        try (BytePointer pixels = new BytePointer((long) row * height + 64);
                PointerPointer<BytePointer> planes = new PointerPointer<>(4);
                IntPointer strides = new IntPointer(4)) {
            IntPointer table = sws_getCoefficients(SWS_CS_DEFAULT);
            sws_setColorspaceDetails(
                    scaler, table, frame.color_range() == AVCOL_RANGE_JPEG ? 1 : 0, table, 1, 0, ONE, ONE);
            planes.put(0, pixels)
                    .put(1, (BytePointer) null)
                    .put(2, (BytePointer) null)
                    .put(3, (BytePointer) null);
            strides.put(0, row).put(1, 0).put(2, 0).put(3, 0);
            int rows = sws_scale(scaler, frame.data(), frame.linesize(), 0, frame.height(), planes, strides);
            if (rows != height) {
                throw wrong("it cannot be brought to " + width + " by " + height + " pixels");
            }
            byte[] rgb = new byte[row * height];
            pixels.get(rgb);
            return rgb;
        } finally {
            sws_freeContext(scaler);
        }
    }

    /** How a picture is to be turned: where pixel (x, y) of the upright one lies, as whole steps along both axes. */
    private record Turn(int a, int b, int c, int d) {

        static final Turn NONE = new Turn(1, 0, 0, 1);

        /** By the display matrix, of which only quarter turns and mirrorings are obeyed. */
        static Turn of(AVFrame frame) {
            var side = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
            if (side == null || side.size() < 9L * Integer.BYTES) {
                return NONE;
            }
            IntPointer matrix = new IntPointer(side.data());
            Turn turn = new Turn(
                    Integer.signum(matrix.get(0)),
                    Integer.signum(matrix.get(1)),
                    Integer.signum(matrix.get(3)),
                    Integer.signum(matrix.get(4)));
            boolean whole = turn.a * turn.d - turn.b * turn.c != 0
                    && Math.abs(turn.a) + Math.abs(turn.b) == 1
                    && Math.abs(turn.c) + Math.abs(turn.d) == 1;
            return whole ? turn : NONE;
        }

        boolean swaps() {
            return a == 0;
        }

        /** Pixels of a lying picture in the order of the upright one, which has the given size. */
        byte[] upright(byte[] lying, int width, int height) {
            if (equals(NONE)) {
                return lying;
            }
            int from = swaps() ? height : width;
            byte[] turned = new byte[lying.length];
            // A lying pixel (u, v) is shown at (a u + c v, b u + d v), counted from the far side where that is
            // negative.
            int rows = lying.length / 3 / from;
            for (int v = 0; v < rows; v++) {
                for (int u = 0; u < from; u++) {
                    int x = a * u + c * v;
                    int y = b * u + d * v;
                    x = a + c < 0 ? x + width - 1 : x;
                    y = b + d < 0 ? y + height - 1 : y;
                    System.arraycopy(lying, 3 * (v * from + u), turned, 3 * (y * width + x), 3);
                }
            }
            return turned;
        }
    }

    @Override
    public void close() {
        av_frame_free(frame);
        if (context != null) {
            avcodec_free_context(context);
            context = null;
        }
    }
}
