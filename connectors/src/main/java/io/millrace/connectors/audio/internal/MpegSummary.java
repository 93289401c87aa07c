package io.millrace.connectors.audio.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What an encoder says in a first frame that is no sound: how many frames follow and how many samples it added.
 *
 * @param frames frames that follow; -1 if it does not say
 * @param delay samples before the sound, the decoder's own included; 0 if it does not say
 * @param padding samples after the sound, the decoder's own taken off
 */
record MpegSummary(long frames, int delay, int padding) {
    /** No summary: all is sound. */
    static final MpegSummary NONE = new MpegSummary(-1, 0, 0);
    /** By how much a decoder's filter bank is late, samples. */
    private static final int DECODER_DELAY = 529;

    /** The summary in a frame; null if the frame is sound. */
    static MpegSummary in(byte[] frame, MpegHeader header) {
        if (header.layer() != 3) {
            return null;
        }
        int at = header.summaryOffset();
        if (text(frame, 36).equals("VBRI") && frame.length >= 54) {
            return new MpegSummary(ByteBuffer.wrap(frame).getInt(36 + 14) & 0xffff_ffffL, 0, 0);
        }
        if (!text(frame, at).equals("Xing") && !text(frame, at).equals("Info") || frame.length < at + 8) {
            return null;
        }
        int flags = frame[at + 7];
        int end = at + 8 + ((flags & 1) != 0 ? 4 : 0) + ((flags & 2) != 0 ? 4 : 0);
        end += ((flags & 4) != 0 ? 100 : 0) + ((flags & 8) != 0 ? 4 : 0);
        long frames = (flags & 1) != 0 && frame.length >= at + 12
                ? ByteBuffer.wrap(frame).getInt(at + 8) & 0xffff_ffffL
                : -1;
        if (frame.length < end + 24 || frame[end] == 0) {
            return new MpegSummary(frames, 0, 0);
        }
        int packed = ByteBuffer.wrap(frame).getInt(end + 20) & 0xff_ffff;
        int delay = packed >> 12;
        int padding = packed & 0xfff;
        return new MpegSummary(frames, delay + DECODER_DELAY, Math.max(0, padding - DECODER_DELAY));
    }

    private static String text(byte[] bytes, int at) {
        return bytes.length < at + 4 ? "" : new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
    }
}
