package io.millrace.connectors.audio.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.ListeningSettings;
import io.millrace.schemas.audio.AudioSamples;

/**
 * Makes chunks of the bytes that a client sends, cut wherever it likes: of equal length, a channel each. For one thread.
 */
public final class LiveStream {
    private final String id;
    private ClientMessage.Config config;
    private ListeningSettings listening;
    private final InstantSource time;
    private final LiveClock clock;
    private final int sampleBytes;
    private final int frameBytes;
    private final byte[] held;
    private int filled;
    private long offset;
    private long sequence;
    private boolean ended;

    /**
     * Begins a stream.
     *
     * @param id identifier of the stream
     * @param chunkMillis length of a chunk, milliseconds
     * @param time where event times come from
     */
    public LiveStream(String id, ClientMessage.Config config, int chunkMillis, InstantSource time) {
        this.id = id;
        this.config = config;
        this.time = time;
        boolean asksForNothing = config.lookAhead() == null
                && config.silenceMillis() == null
                && config.phrases().isEmpty();
        listening = asksForNothing ? null : listening(config);
        clock = new LiveClock(config.sampleRate());
        sampleBytes = AudioSamples.bytesPerSample(config.encoding());
        frameBytes = sampleBytes * config.channels();
        held = new byte[frameBytes * Math.max(1, (int) ((long) config.sampleRate() * chunkMillis / 1000))];
    }

    private static ListeningSettings listening(ClientMessage.Config config) {
        return new ListeningSettings(config.lookAhead(), config.silenceMillis(), config.phrases());
    }

    /**
     * Listens otherwise from the next chunk on.
     *
     * @param other configuration, which differs from the stream's in how it is heard at most
     * @throws ProtocolException if it differs in how audio is to be understood
     */
    public void listen(ClientMessage.Config other) throws ProtocolException {
        if (!(other.streamId() == null || other.streamId().equals(id))
                || other.sampleRate() != config.sampleRate()
                || other.encoding() != config.encoding()
                || other.channels() != config.channels()) {
            throw new ProtocolException(
                    ProtocolException.UNEXPECTED,
                    "a connection has one stream: stream_id, sample_rate, encoding and channels stay as they were");
        }
        config = other;
        listening = listening(other);
    }

    /** How the stream is to be understood, as was said last. */
    public ClientMessage.Config config() {
        return config;
    }

    /** Identifier of the stream. */
    public String id() {
        return id;
    }

    /** Channels of the stream. */
    public int channels() {
        return config.channels();
    }

    /**
     * Takes bytes, as many as there are.
     *
     * @param to takes the chunks that become full
     * @throws ProtocolException if a sample is no number; the stream stands before the chunk that has it
     * @throws IllegalStateException after the end
     */
    public void push(ByteBuffer bytes, Consumer<AudioChunk> to) throws ProtocolException {
        if (ended) {
            throw new IllegalStateException("the stream has ended");
        }
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), held.length - filled);
            bytes.get(held, filled, count);
            filled += count;
            if (filled == held.length) {
                check();
                cut(to);
            }
        }
    }

    /**
     * Ends the stream: the last chunk of every channel, with what was left, possibly nothing. Bytes that are no whole sample
     * of every channel are left out, as are samples that are no numbers. Does nothing if it has ended before.
     */
    public void end(Consumer<AudioChunk> to) {
        if (ended) {
            return;
        }
        ended = true;
        filled -= leftOver();
        try {
            check();
        } catch (ProtocolException e) {
            filled = 0;
        }
        cut(to);
    }

    /** Seconds of audio that have gone out. */
    public double seconds() {
        return (double) offset / config.sampleRate();
    }

    /** Bytes beyond the last whole sample of every channel. */
    public int leftOver() {
        return filled % frameBytes;
    }

    private void check() throws ProtocolException {
        if (config.encoding() != AudioEncoding.PCM_F32LE) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(held, 0, filled).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            float sample = bytes.getFloat();
            if (!Float.isFinite(sample)) {
                filled = 0;
                throw new ProtocolException(
                        ProtocolException.INVALID,
                        "a sample is " + sample + ", among those from number " + offset + " of each channel on");
            }
        }
    }

    private void cut(Consumer<AudioChunk> to) {
        int count = filled / frameBytes;
        Instant now = time.instant();
        Instant taken = Instant.ofEpochMilli(clock.timeOf(offset, count, now.toEpochMilli()));
        for (int channel = 0; channel < config.channels(); channel++) {
            to.accept(AudioChunk.newBuilder()
                    .setStreamId(id)
                    .setSequence(sequence)
                    .setSampleOffset(offset)
                    .setSampleRate(config.sampleRate())
                    .setEncoding(config.encoding())
                    .setChannel(channel)
                    .setChannelCount(config.channels())
                    .setData(samplesOf(channel, count))
                    .setEndOfStream(ended)
                    .setEventTime(taken)
                    .setListening(listening)
                    .build());
        }
        offset += count;
        sequence++;
        filled = 0;
    }

    private ByteBuffer samplesOf(int channel, int count) {
        byte[] samples = new byte[count * sampleBytes];
        for (int i = 0; i < count; i++) {
            System.arraycopy(held, i * frameBytes + channel * sampleBytes, samples, i * sampleBytes, sampleBytes);
        }
        return ByteBuffer.wrap(samples);
    }
}
