package io.millrace.operators.speech;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.millrace.models.speech.tokens.Tokens;
import io.millrace.operators.source.Origin;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.audio.AudioSamples;

/** Streams for tests: sound that changes all the time, cut into chunks. */
final class SampleSpeech {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final int RATE = 16_000;
    static final SpeechContract CONTRACT = new SpeechContract(
            16, 8, List.of(0, 1, 3), new Tokens(Tokens.Kind.WORDS, List.of("alpha", "bravo", "charlie")));
    static final AssemblerSettings SETTINGS = settings(1);

    private SampleSpeech() {}

    static AssemblerSettings settings(int lookAhead) {
        return new AssemblerSettings(
                lookAhead, false, Duration.ofMillis(200), 4, Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    /** Tones that come and go in noise, in [-1, 1]. */
    static float[] sound(long seed, int samples) {
        Random random = new Random(seed);
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

    static AudioChunk.Builder chunk(String stream, long sequence, long offset, float[] samples) {
        return chunk(stream, sequence, offset, samples, RATE, AudioEncoding.PCM_F32LE);
    }

    static AudioChunk.Builder chunk(
            String stream, long sequence, long offset, float[] samples, int rate, AudioEncoding encoding) {
        return AudioChunk.newBuilder()
                .setStreamId(stream)
                .setSequence(sequence)
                .setSampleOffset(offset)
                .setSampleRate(rate)
                .setEncoding(encoding)
                .setChannel(0)
                .setChannelCount(1)
                .setData(AudioSamples.encode(samples, samples.length, encoding))
                .setEndOfStream(false)
                .setEventTime(START.plusMillis(offset * 1000 / rate));
    }

    /** A sound in chunks of equal length, the last shorter and marked as the end. */
    static List<AudioChunk> chunks(String stream, float[] sound, int length) {
        List<AudioChunk> chunks = new ArrayList<>();
        for (int from = 0; from < sound.length; from += length) {
            int to = Math.min(sound.length, from + length);
            chunks.add(chunk(stream, chunks.size(), from, Arrays.copyOfRange(sound, from, to))
                    .setEndOfStream(to == sound.length)
                    .build());
        }
        return chunks;
    }

    /** A chunk as if read at the offset of its sequence and a hundred. */
    static Traced<AudioChunk> traced(AudioChunk chunk) {
        return new Traced<>(chunk, new Origin("audio", 1, 100 + chunk.getSequence(), 1_000));
    }
}
