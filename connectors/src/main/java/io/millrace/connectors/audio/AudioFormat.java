package io.millrace.connectors.audio;

/**
 * What an audio file says of itself.
 *
 * @param codec container and coding
 * @param sampleRate samples a second of one channel, 1 to {@value #MAX_RATE}
 * @param channels channels, 1 to {@value #MAX_CHANNELS}
 */
public record AudioFormat(Codec codec, int sampleRate, int channels) {
    /** Highest sample rate that is taken for one. */
    public static final int MAX_RATE = 768_000;

    /** Most channels that are taken for a number of channels. */
    public static final int MAX_CHANNELS = 32;

    /** Containers and codings that are read. */
    public enum Codec {
        /** RIFF WAVE: PCM of 8 to 32 bits, float of 32 and 64 bits, mu-law, A-law. */
        WAV("WAV"),
        /** Free Lossless Audio Codec, in its own container. */
        FLAC("FLAC"),
        /** MPEG-1, -2 and -2.5 audio, layers I to III. */
        MP3("MP3"),
        /** Vorbis in Ogg. */
        VORBIS("Ogg Vorbis");

        private final String title;

        Codec(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /**
     * Checks the figures.
     *
     * @throws AudioFormatException if the rate or the number of channels is none
     */
    public static AudioFormat checked(Codec codec, long sampleRate, int channels) throws AudioFormatException {
        if (sampleRate < 1 || sampleRate > MAX_RATE) {
            throw new AudioFormatException(codec + ": sample rate " + sampleRate + " is not within 1 to " + MAX_RATE);
        }
        if (channels < 1 || channels > MAX_CHANNELS) {
            throw new AudioFormatException(codec + ": " + channels + " channels are not within 1 to " + MAX_CHANNELS);
        }
        return new AudioFormat(codec, (int) sampleRate, channels);
    }
}
