package io.millrace.operators.speech;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.audio.AudioSamples;
import io.millrace.schemas.audio.Resampler;

/** An audio chunk that has been looked at: what it says of itself can be, and its bytes are samples. */
final class ChunkReading {

    /** Longest chunk, seconds. */
    static final int MOST_SECONDS = 60;

    /** Channels beyond which a chunk is taken for broken. */
    private static final int MOST_CHANNELS = 1024;
    /** Some thousand years at any rate: offsets in milliseconds and sums of them stay numbers. */
    private static final long FARTHEST = 1L << 50;

    /** Beyond what any gain explains; far beyond, energies would be no numbers. */
    private static final float LOUDEST = 16;

    private ChunkReading() {}

    /**
     * Samples of a chunk, in [-1, 1] or somewhat beyond where floating point says so.
     *
     * @throws IllegalArgumentException if the chunk cannot be heard, with the reason
     */
    static float[] samples(AudioChunk chunk) {
        require(Resampler.accepts(chunk.getSampleRate()), "no sample rate of audio", chunk.getSampleRate());
        require(
                chunk.getChannelCount() >= 1 && chunk.getChannelCount() <= MOST_CHANNELS,
                "no number of channels",
                chunk.getChannelCount());
        require(
                chunk.getChannel() >= 0 && chunk.getChannel() < chunk.getChannelCount(),
                "no channel of " + chunk.getChannelCount(),
                chunk.getChannel());
        require(chunk.getSequence() >= 0 && chunk.getSequence() < FARTHEST, "no sequence", chunk.getSequence());
        require(
                chunk.getSampleOffset() >= 0 && chunk.getSampleOffset() < FARTHEST,
                "no sample offset",
                chunk.getSampleOffset());
        long most = (long) MOST_SECONDS * chunk.getSampleRate() * AudioSamples.bytesPerSample(chunk.getEncoding());
        require(
                chunk.getData().remaining() <= most,
                "longer than " + MOST_SECONDS + " s",
                chunk.getData().remaining() + " bytes");
        float[] samples = AudioSamples.decode(chunk.getData(), chunk.getEncoding());
        for (float sample : samples) {
            require(Math.abs(sample) <= LOUDEST, "louder than " + LOUDEST + " times full scale", sample);
        }
        return samples;
    }

    private static void require(boolean holds, String what, Object got) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": " + got);
        }
    }
}
