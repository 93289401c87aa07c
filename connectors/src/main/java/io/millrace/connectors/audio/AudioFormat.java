package io.millrace.connectors.audio;

/**
 * What an input says of its sound.
 *
 * @param container where the sound is in: WAV, MP3, OGG
 * @param codec how it is coded, as ffmpeg names it: pcm_s16le, mp3, vorbis
 * @param sampleRate samples a second of one channel
 * @param channels channels there are, of which one alone may be read
 */
public record AudioFormat(String container, String codec, int sampleRate, int channels) {
    @Override
    public String toString() {
        return container + " (" + codec + "), " + sampleRate + " Hz, " + channels + " channels";
    }
}
