package io.millrace.connectors.audio;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import io.millrace.connectors.audio.internal.AudioSource;
import io.millrace.connectors.audio.internal.CountedInput;
import io.millrace.connectors.audio.internal.FlacSource;
import io.millrace.connectors.audio.internal.Mp3Source;
import io.millrace.connectors.audio.internal.VorbisSource;
import io.millrace.connectors.audio.internal.WavSource;

/**
 * Reads audio block by block: WAV, FLAC, MP3 and Ogg Vorbis, told apart by their content. The memory used depends on
 * the size of a block, not of the file, and nothing is read ahead of the block that was asked for but what a buffer
 * holds, so that a pipe may be read while it is written. For one thread.
 */
public final class AudioReader implements Closeable {
    private final CountedInput in;
    private final AudioSource source;

    private AudioReader(CountedInput in, AudioSource source) {
        this.in = in;
        this.source = source;
    }

    /**
     * Opens a file.
     *
     * @throws AudioFormatException if it begins like no format that is read, or its header makes no sense
     * @throws IOException if it cannot be read
     */
    public static AudioReader open(Path file) throws IOException {
        return open(Files.newInputStream(file));
    }

    /**
     * Opens a stream and reads its header. The reader closes the stream, also when opening fails.
     *
     * @throws AudioFormatException if it begins like no format that is read, or its header makes no sense
     * @throws IOException if it cannot be read
     */
    public static AudioReader open(InputStream stream) throws IOException {
        CountedInput in = new CountedInput(stream);
        try {
            return new AudioReader(in, source(in));
        } catch (IOException e) {
            in.close();
            throw e;
        } catch (RuntimeException e) {
            in.close();
            throw senseless("the header makes no sense", in, e);
        }
    }

    private static AudioSource source(CountedInput in) throws IOException {
        byte[] head = in.peek(12);
        if (head.length == 0) {
            throw new AudioFormatException("the input is empty");
        }
        if (WavSource.begins(head)) {
            return new WavSource(in);
        }
        if (VorbisSource.begins(head)) {
            return new VorbisSource(in);
        }
        in.skipId3();
        if (FlacSource.begins(in.peek(4))) {
            return new FlacSource(in);
        }
        if (Mp3Source.seeks(in)) {
            return new Mp3Source(in);
        }
        throw new AudioFormatException("neither WAV, FLAC, MP3 nor Ogg from byte " + in.position() + " on");
    }

    /** Codec, sample rate and channels. */
    public AudioFormat format() {
        return source.format();
    }

    /**
     * The next block.
     *
     * @return samples [channels][samples, 1 or more, as many in each channel] in [-1, 1]; null at the end
     * @throws AudioFormatException if the input breaks off or makes no sense from here on; the blocks before stand
     * @throws IOException if the input cannot be read
     */
    public float[][] next() throws IOException {
        try {
            return source.next();
        } catch (RuntimeException e) { // the libraries that decode meet wrong data so
            throw senseless("the data make no sense", in, e);
        }
    }

    /** Bytes taken from the input so far, what decoders have buffered included. */
    public long bytesRead() {
        return in.position();
    }

    private static AudioFormatException senseless(String what, CountedInput in, RuntimeException cause) {
        return new AudioFormatException(what + " before byte " + in.position() + " (" + cause + ")", cause);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
