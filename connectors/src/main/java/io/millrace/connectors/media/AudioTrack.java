package io.millrace.connectors.media;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import io.millrace.connectors.media.internal.ByteSource;
import io.millrace.connectors.media.internal.Container;
import io.millrace.connectors.media.internal.FileBytes;
import io.millrace.connectors.media.internal.SampleDecoder;
import io.millrace.connectors.media.internal.StreamBytes;

/**
 * The sound of a file or stream, block by block, as ffmpeg decodes it: joined and chained inputs to their end, and over what
 * is damaged, which is {@linkplain #damage reported}. The memory used depends on the size of a block, not of the input. A
 * stream is read as it comes: of WAV and raw samples each block is what there is. For one thread.
 */
public final class AudioTrack implements Closeable {
    /** Highest sample rate that is taken for one. */
    public static final int MAX_RATE = 768_000;

    /** Most channels that are taken for a number of channels. */
    public static final int MAX_CHANNELS = 32;

    private final Container container;
    private final SampleDecoder decoder;
    private final MediaLimits limits;
    private final DamageReport damage = new DamageReport();
    private final int sampleRate;
    private final int channels;
    private final long mostSamples;
    private long samples;

    private AudioTrack(Container container, MediaLimits limits) throws IOException {
        this.container = container;
        this.limits = limits;
        decoder = new SampleDecoder(container);
        sampleRate = decoder.sampleRate();
        channels = decoder.channels();
        mostSamples = (long) Math.min(1L << 62, limits.duration().toMillis() / 1000.0 * sampleRate);
        if (sampleRate < 1 || sampleRate > MAX_RATE || channels < 1 || channels > MAX_CHANNELS) {
            decoder.close();
            throw new MediaFormatException(codec() + ": " + channels + " channels at " + sampleRate
                    + " Hz are not within 1 to " + MAX_CHANNELS + " and 1 to " + MAX_RATE);
        }
    }

    /**
     * Opens a file.
     *
     * @param raw what its samples are if nothing in it says so; null to find out
     * @throws MediaFormatException if there is no sound in it that is read
     * @throws IOException if it cannot be read
     */
    public static AudioTrack open(Path file, RawAudio raw, MediaLimits limits) throws IOException {
        Path name = file.getFileName();
        return open(
                new FileBytes(Files.newByteChannel(file), limits.bytes()),
                name == null ? "" : name.toString(),
                raw,
                limits);
    }

    /**
     * Opens a stream. It is closed with this, also when opening fails.
     *
     * @param raw what its samples are if nothing in it says so; null to find out
     * @throws MediaFormatException if there is no sound in it that is read
     * @throws IOException if it cannot be read
     */
    public static AudioTrack open(InputStream stream, RawAudio raw, MediaLimits limits) throws IOException {
        return open(new StreamBytes(stream, limits.bytes()), "", raw, limits);
    }

    private static AudioTrack open(ByteSource bytes, String name, RawAudio raw, MediaLimits limits) throws IOException {
        Container container = Container.open(bytes, name, raw, limits);
        try {
            return new AudioTrack(container, limits);
        } catch (IOException | RuntimeException e) {
            container.close();
            throw e;
        }
    }

    /** Short name of the container, as ffmpeg has it: wav, mp3, ogg. */
    public String container() {
        return container.format();
    }

    /** Name of the coding, as ffmpeg has it: pcm_s16le, vorbis. */
    public String codec() {
        return container.codec();
    }

    /** Samples a second of one channel, 1 to {@value #MAX_RATE}. */
    public int sampleRate() {
        return sampleRate;
    }

    /** Channels, 1 to {@value #MAX_CHANNELS}. */
    public int channels() {
        return channels;
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
        for (float[][] block = decoder.next(); block != null; block = decoder.next()) {
            if (decoder.complaint() != null) {
                damaged(decoder.complaint());
            }
            if (block[0].length > 0) {
                finite(block);
                samples += block[0].length;
                if (samples > mostSamples) {
                    throw new MediaFormatException("the sound is longer than the limit of " + limits.duration());
                }
                return block;
            }
        }
        return null;
    }

    private void finite(float[][] block) {
        long wrong = 0;
        for (float[] channel : block) {
            for (int i = 0; i < channel.length; i++) {
                if (!Float.isFinite(channel[i])) {
                    channel[i] = 0;
                    wrong++;
                }
            }
        }
        if (wrong > 0) {
            damaged(wrong + " samples are no numbers");
        }
    }

    private void damaged(String what) {
        damage.add(new Damage(container.packetPosition(), (double) samples / sampleRate, what));
    }

    /** What was lost of what has been read so far. */
    public DamageReport damage() {
        return damage;
    }

    @Override
    public void close() throws IOException {
        decoder.close();
        container.close();
    }
}
