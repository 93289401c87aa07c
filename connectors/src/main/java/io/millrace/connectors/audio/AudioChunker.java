package io.millrace.connectors.audio;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.audio.AudioSamples;

/**
 * Cuts what an {@link AudioReader} gives into {@link AudioChunk} records of equal length, one a channel, the last
 * shorter and marked as the end. Where the input cannot be read on or passes a limit, what was read is ended in the same
 * way, so that nobody waits for more, and then the error is thrown. For one thread.
 */
public final class AudioChunker {
    private final AudioReader reader;
    private final AudioFormat format;
    private final Settings settings;
    private final int chunkSamples;
    private final float[][] held;
    private int filled;
    private long offset;
    private long sequence;
    private boolean ended;
    private boolean endSent;
    private IOException failure;

    /**
     * How to cut.
     *
     * @param streamId identifier of the stream, the key of its records
     * @param start when the first sample was taken
     * @param chunkMillis length of a chunk, milliseconds, 1 to 60000, rounded down to whole samples
     * @param encoding how samples are written
     */
    public record Settings(String streamId, Instant start, int chunkMillis, AudioEncoding encoding) {
        /** Checks the figures. */
        public Settings {
            if (streamId.isBlank()) {
                throw new IllegalArgumentException("a stream needs an identifier");
            }
            if (chunkMillis < 1 || chunkMillis > 60_000) {
                throw new IllegalArgumentException("chunks of " + chunkMillis + " ms are not within 1 to 60000 ms");
            }
            AudioSamples.bytesPerSample(encoding);
        }
    }

    public AudioChunker(AudioReader reader, Settings settings) {
        this.reader = reader;
        this.settings = settings;
        format = reader.format();
        chunkSamples = (int) Math.max(1, (long) format.sampleRate() * settings.chunkMillis() / 1000);
        held = new float[reader.channels()][chunkSamples + 1];
    }

    /**
     * The next chunk of every channel, in the order of the channels; empty after the end.
     *
     * @throws io.millrace.connectors.media.MediaFormatException if the input passed a limit; the stream has then been ended
     * @throws IOException if the input could not be read; the stream has then been ended
     */
    public List<AudioChunk> next() throws IOException {
        // One sample more than a chunk has: only then is it sure that the chunk is not the last.
        while (!ended && filled <= chunkSamples) {
            take();
        }
        if (!endSent) {
            return chunks();
        }
        if (failure != null) {
            throw failure;
        }
        return List.of();
    }

    /** Ends the stream where it stands: {@link #next} gives what has been read, marked as the end, and reads no more. */
    public void cut() {
        ended = true;
    }

    private void take() {
        float[][] block;
        try {
            block = reader.next();
        } catch (IOException e) {
            failure = e;
            block = null;
        }
        if (block == null) {
            ended = true;
            return;
        }
        int count = block[0].length;
        for (int channel = 0; channel < held.length; channel++) {
            if (filled + count > held[channel].length) {
                held[channel] = Arrays.copyOf(held[channel], filled + count);
            }
            System.arraycopy(block[channel], 0, held[channel], filled, count);
        }
        filled += count;
    }

    private List<AudioChunk> chunks() {
        int count = Math.min(filled, chunkSamples);
        endSent = ended && count == filled;
        long millis = Math.floorDiv(offset * 1000, (long) format.sampleRate());
        List<AudioChunk> chunks = new ArrayList<>(held.length);
        for (int channel = 0; channel < held.length; channel++) {
            chunks.add(AudioChunk.newBuilder()
                    .setStreamId(settings.streamId())
                    .setSequence(sequence)
                    .setSampleOffset(offset)
                    .setSampleRate(format.sampleRate())
                    .setEncoding(settings.encoding())
                    .setChannel(channel)
                    .setChannelCount(held.length)
                    .setData(AudioSamples.encode(held[channel], count, settings.encoding()))
                    .setEndOfStream(endSent)
                    .setEventTime(settings.start().plusMillis(millis))
                    .build());
            System.arraycopy(held[channel], count, held[channel], 0, filled - count);
        }
        filled -= count;
        offset += count;
        sequence++;
        return chunks;
    }

    /** Samples of each channel in the chunks given so far. */
    public long samples() {
        return offset;
    }
}
