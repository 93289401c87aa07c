package io.millrace.connectors.audio;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;

import io.millrace.connectors.media.AudioTrack;
import io.millrace.connectors.media.DamageReport;
import io.millrace.connectors.media.MediaFormatException;

/**
 * Reads audio block by block, whatever it is in: WAV in every coding, MP3, FLAC, Ogg (Vorbis, Opus, Speex, FLAC), MP4 and
 * M4A, WebM and Matroska, AAC, AMR, GSM, G.722, AU, AIFF, CAF, told apart by their content, and samples without a header.
 * Damage does not end the reading: see {@link #damage}. A pipe of WAV or raw samples is read while it is written. For one
 * thread.
 */
public final class AudioReader implements Closeable {
    private final AudioTrack track;
    private final ChannelChoice choice;
    private final ChannelMixer mixer;

    private AudioReader(AudioTrack track, ChannelChoice choice) throws IOException {
        this.track = track;
        this.choice = choice;
        mixer = new ChannelMixer(choice, track.sampleRate());
        if (choice.channel() >= track.channels()) {
            track.close();
            throw new MediaFormatException(
                    "there is no channel " + choice.channel() + ", only 0 to " + (track.channels() - 1));
        }
    }

    /**
     * Opens a file.
     *
     * @throws MediaFormatException if there is no sound in it that is read
     * @throws IOException if it cannot be read
     */
    public static AudioReader open(Path file) throws IOException {
        return open(file, AudioOptions.STANDARD);
    }

    /**
     * Opens a file, in which the reader may move: formats that have their index at the end can be read.
     *
     * @throws MediaFormatException if there is no sound in it that is read, or not the chosen channel
     * @throws IOException if it cannot be read
     */
    public static AudioReader open(Path file, AudioOptions options) throws IOException {
        return new AudioReader(AudioTrack.open(file, options.raw(), options.limits()), options.channels());
    }

    /**
     * Opens a stream and reads its header. The reader closes the stream, also when opening fails.
     *
     * @throws MediaFormatException if there is no sound in it that is read
     * @throws IOException if it cannot be read
     */
    public static AudioReader open(InputStream stream) throws IOException {
        return open(stream, AudioOptions.STANDARD);
    }

    /**
     * Opens a stream and reads its header. The reader closes the stream, also when opening fails.
     *
     * @throws MediaFormatException if there is no sound in it that is read, or not the chosen channel
     * @throws IOException if it cannot be read
     */
    public static AudioReader open(InputStream stream, AudioOptions options) throws IOException {
        return new AudioReader(AudioTrack.open(stream, options.raw(), options.limits()), options.channels());
    }

    /** Container, codec, sample rate and channels of the input. */
    public AudioFormat format() {
        return new AudioFormat(
                track.container().toUpperCase(Locale.ROOT), track.codec(), track.sampleRate(), track.channels());
    }

    /** Channels of a block: those of the input, or 1 if one or their mean was chosen. */
    public int channels() {
        return choice.countOf(track.channels());
    }

    /**
     * The next block.
     *
     * @return finite samples [channels][samples, 1 or more, as many in each channel], full scale being 1, which decoders may
     *     pass a little; null at the end
     * @throws MediaFormatException beyond a limit; the blocks before stand
     * @throws IOException if the input cannot be read
     */
    public float[][] next() throws IOException {
        float[][] block = track.next();
        return block == null ? null : mixer.chosen(block);
    }

    /** What was lost of what has been read so far. */
    public DamageReport damage() {
        return track.damage();
    }

    /** Whether the channels that were mixed cancelled each other for half a second: they are of opposite phases. */
    public boolean cancels() {
        return mixer.cancels();
    }

    @Override
    public void close() throws IOException {
        track.close();
    }
}
