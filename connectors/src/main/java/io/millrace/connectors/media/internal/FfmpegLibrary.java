package io.millrace.connectors.media.internal;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

import static org.bytedeco.ffmpeg.global.avcodec.av_codec_is_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.av_codec_iterate;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

/**
 * The native libraries, loaded once: nothing of theirs reaches the terminal, none of their allocations is larger than
 * {@value #MAX_ALLOCATION} bytes, and what may be opened with them is listed here.
 */
final class FfmpegLibrary {
    /** Most bytes that the libraries may ask for at once. */
    private static final long MAX_ALLOCATION = 1L << 28;

    /** Containers that are read. None of them refers to other files, or is made to. */
    static final String CONTAINERS =
            "wav,w64,mp3,flac,ogg,mov,matroska,webm,aac,loas,amr,amrnb,amrwb,gsm,g722,au,aiff,caf,"
                    + "u8,s8,s16le,s16be,s24le,s24be,s32le,s32be,f32le,f32be,f64le,f64be,mulaw,alaw";

    private static final Set<String> CODECS = Set.of(
            "mp1",
            "mp1float",
            "mp2",
            "mp2float",
            "mp3",
            "mp3float",
            "aac",
            "aac_latm",
            "flac",
            "vorbis",
            "opus",
            "alac",
            "amrnb",
            "amrwb",
            "gsm",
            "gsm_ms",
            "g722",
            "g723_1",
            "g726",
            "g726le",
            "g729",
            "speex",
            "truespeech",
            "ac3",
            "eac3");

    private static final LogCallback LOG = new Log();
    private static final String CODEC_NAMES;

    static {
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            // The bound would count the whole process, models included, not what is allocated here.
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
        av_log_set_level(AV_LOG_ERROR);
        setLogCallback(LOG);
        av_max_alloc(MAX_ALLOCATION);
        CODEC_NAMES = codecs();
    }

    private FfmpegLibrary() {}

    /** Loads the libraries, which this class does when it is first used. */
    static void load() {}

    /** Names of the decoders that may run, separated by commas. */
    static String codecNames() {
        return CODEC_NAMES;
    }

    private static String codecs() {
        Set<String> names = new LinkedHashSet<>();
        try (PointerPointer<Pointer> state = new PointerPointer<>(1)) {
            state.put(0, (Pointer) null);
            for (AVCodec codec = av_codec_iterate(state); codec != null; codec = av_codec_iterate(state)) {
                String name = codec.name().getString();
                if (codec.type() == AVMEDIA_TYPE_AUDIO
                        && av_codec_is_decoder(codec) != 0
                        && (CODECS.contains(name) || name.startsWith("pcm_") || name.startsWith("adpcm_"))) {
                    names.add(name);
                }
            }
        }
        return String.join(",", names);
    }

    /** What an error code means. */
    static String text(int error) {
        byte[] text = new byte[256];
        av_strerror(error, text, text.length);
        int length = 0;
        while (text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /** Hands what a library says to whoever decodes on this thread. */
    private static final class Log extends LogCallback {
        @Override
        public void call(int level, BytePointer message) {
            if (level <= AV_LOG_ERROR) {
                Complaints.heard(message.getString());
            }
        }
    }
}
