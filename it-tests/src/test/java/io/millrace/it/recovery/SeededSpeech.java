package io.millrace.it.recovery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.audio.AudioSamples;

/** The same sounds each time, of many streams at once: chunks repeated, swapped and lost among them. */
final class SeededSpeech {
    private static final int RATE = 16_000;
    private static final int CHUNK = RATE / 5;
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private SeededSpeech() {}

    /** Chunks of 200 ms, in the order they are recorded. */
    static List<AudioChunk> of(long seed, int streams, int seconds) {
        Random random = new Random(seed);
        int chunks = seconds * RATE / CHUNK;
        List<float[]> sounds = new ArrayList<>();
        for (int stream = 0; stream < streams; stream++) {
            sounds.add(sound(new Random(seed + stream + 1), chunks * CHUNK));
        }
        List<AudioChunk> all = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            for (int stream = 0; stream < streams; stream++) {
                all.add(chunk(stream, i, sounds.get(stream), i == chunks - 1));
            }
        }
        return disturbed(all, streams, random);
    }

    /** One in fifty comes twice, is swapped with the next of its stream, or is lost; never the first or the last. */
    private static List<AudioChunk> disturbed(List<AudioChunk> chunks, int streams, Random random) {
        List<AudioChunk> order = new ArrayList<>(chunks);
        for (int i = streams; i + 2 * streams < order.size(); i++) {
            if (random.nextInt(50) == 0) {
                Collections.swap(order, i, i + streams);
            }
        }
        List<AudioChunk> disturbed = new ArrayList<>();
        for (AudioChunk chunk : order) {
            boolean inner = chunk.getSequence() > 0 && !chunk.getEndOfStream();
            int fate = inner ? random.nextInt(100) : 0;
            if (fate != 1) {
                disturbed.add(chunk);
            }
            if (fate == 2) {
                disturbed.add(chunk);
            }
        }
        return disturbed;
    }

    private static AudioChunk chunk(int stream, int sequence, float[] sound, boolean last) {
        int from = sequence * CHUNK;
        return AudioChunk.newBuilder()
                .setStreamId("stream-" + stream)
                .setSequence(sequence)
                .setSampleOffset(from)
                .setSampleRate(RATE)
                .setEncoding(AudioEncoding.PCM_S16LE)
                .setChannel(0)
                .setChannelCount(1)
                .setData(AudioSamples.encode(
                        Arrays.copyOfRange(sound, from, from + CHUNK), CHUNK, AudioEncoding.PCM_S16LE))
                .setEndOfStream(last)
                .setEventTime(START.plusMillis(from * 1000L / RATE))
                .build();
    }

    /** Tones that come and go in noise. */
    private static float[] sound(Random random, int samples) {
        float[] sound = new float[samples];
        double hertz = 200;
        double phase = 0;
        double level = 0.1;
        for (int i = 0; i < samples; i++) {
            if (i % 800 == 0) {
                hertz = 100 + 3500 * random.nextDouble();
                level = random.nextInt(4) == 0 ? 0 : 0.5 * random.nextDouble();
            }
            phase += 2 * Math.PI * hertz / RATE;
            sound[i] = (float) (level * Math.sin(phase) + 0.01 * random.nextGaussian());
        }
        return sound;
    }
}
