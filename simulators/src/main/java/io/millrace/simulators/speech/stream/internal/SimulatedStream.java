package io.millrace.simulators.speech.stream.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.audio.AudioSamples;
import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.stream.AudioScenario;
import io.millrace.simulators.speech.stream.AudioStatistics;
import io.millrace.simulators.speech.stream.Delivery;
import io.millrace.simulators.speech.stream.SpeechSource;

/** One audio stream, made chunk by chunk. What is in it depends on the scenario and its number only. */
public final class SimulatedStream {
    private static final long MULTIPLIER = 0xD1342543DE82EF95L;

    private final AudioScenario scenario;
    private final String id;
    private final long startMillis;
    private final int sampleRate;
    private final AudioEncoding encoding;
    private final int chunkSamples;
    private final List<SpeechTrack> tracks = new ArrayList<>();
    private final List<ChannelLine> lines = new ArrayList<>();
    private long offset;
    private long sequence;
    private boolean ended;

    /**
     * Begins a stream.
     *
     * @param number its number among all streams, from 0
     * @param startMillis when its first sample is taken, milliseconds since the epoch
     * @throws IOException if speech cannot be had
     */
    public SimulatedStream(AudioScenario scenario, SpeechSource speech, long number, long startMillis)
            throws IOException {
        this.scenario = scenario;
        this.startMillis = startMillis;
        id = scenario.idPrefix() + "-" + number;
        SeededRandom random = new SeededRandom(new SeededRandom(scenario.seed() ^ number * MULTIPLIER).nextLong());
        sampleRate = choice(scenario.sampleRates(), random);
        encoding = choice(scenario.encodings(), random);
        chunkSamples = Math.max(1, (int) ((long) sampleRate * choice(scenario.chunkMillis(), random) / 1000));
        int channels = random.chance(scenario.stereoShare()) ? 2 : 1;
        for (int channel = 0; channel < channels; channel++) {
            tracks.add(new SpeechTrack(scenario, speech, sampleRate, random.fork()));
            lines.add(new ChannelLine(scenario.line(), random.fork()));
        }
    }

    private static <T> T choice(List<T> choices, SeededRandom random) {
        return choices.get(random.below(choices.size()));
    }

    /** When the first sample of the next chunk is taken; at the end, when the next would have been. */
    public long timeMillis() {
        return startMillis + Math.floorDiv(offset * 1000, (long) sampleRate);
    }

    /** Whether the last chunk has been made. */
    public boolean ended() {
        return ended;
    }

    /**
     * Makes the next chunk of every channel, and after the last the truth.
     *
     * @param to takes what arrives, in any order
     * @throws IOException if speech cannot be had
     */
    public void advance(Consumer<Delivery> to) throws IOException {
        float[][] samples = new float[tracks.size()][chunkSamples];
        int count = 0;
        boolean last = true;
        for (int channel = 0; channel < samples.length; channel++) {
            count = Math.max(count, tracks.get(channel).read(samples[channel]));
            last &= tracks.get(channel).finished();
        }
        if (!last) {
            count = chunkSamples;
        }
        ended = last;
        send(samples, count, to);
        if (last) {
            tell(false, to);
        }
    }

    /** Ends the stream where it stands with an empty chunk of every channel, and tells the truth. */
    public void cut(Consumer<Delivery> to) {
        ended = true;
        send(new float[tracks.size()][0], 0, to);
        tell(true, to);
    }

    private void send(float[][] samples, int count, Consumer<Delivery> to) {
        Instant taken = Instant.ofEpochMilli(timeMillis());
        long first = offset;
        offset += count;
        for (int channel = 0; channel < samples.length; channel++) {
            ByteBuffer data = AudioSamples.encode(samples[channel], count, encoding);
            AudioChunk chunk = AudioChunk.newBuilder()
                    .setStreamId(id)
                    .setSequence(sequence)
                    .setSampleOffset(first)
                    .setSampleRate(sampleRate)
                    .setEncoding(encoding)
                    .setChannel(channel)
                    .setChannelCount(samples.length)
                    .setData(data)
                    .setEndOfStream(ended)
                    .setEventTime(taken)
                    .build();
            lines.get(channel).send(chunk, count, timeMillis(), to);
        }
        sequence++;
    }

    private void tell(boolean cut, Consumer<Delivery> to) {
        for (int channel = 0; channel < tracks.size(); channel++) {
            SpeechTrack track = tracks.get(channel);
            var truth = lines.get(channel)
                    .truth()
                    .setStreamId(id)
                    .setChannel(channel)
                    .setChannelCount(tracks.size())
                    .setSeed(scenario.seed())
                    .setSampleRate(sampleRate)
                    .setEncoding(encoding)
                    .setSignalToNoiseDb(scenario.noiseDb())
                    .setStartTime(Instant.ofEpochMilli(startMillis))
                    .setSampleCount(offset)
                    .setChunkCount(sequence)
                    .setUtterances(track.spokenBefore(offset))
                    .setCut(cut)
                    .setEventTime(Instant.ofEpochMilli(timeMillis()));
            to.accept(new Delivery(timeMillis(), null, truth.build()));
        }
    }

    /** What has been made so far. */
    public AudioStatistics statistics() {
        long lost = lines.stream().mapToLong(ChannelLine::lost).sum();
        long duplicated = lines.stream().mapToLong(ChannelLine::duplicated).sum();
        double seconds = (double) offset * tracks.size() / sampleRate;
        return new AudioStatistics(1, sequence * tracks.size(), lost, duplicated, seconds);
    }
}
