package io.millrace.it.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.simulators.speech.stream.AudioGenerator;
import io.millrace.simulators.speech.stream.AudioScenario;
import io.millrace.simulators.speech.stream.Delivery;
import io.millrace.simulators.speech.stream.RecordedDigits;

/**
 * Calls in which people say digits, all at the same time, over a line that loses and repeats chunks.
 *
 * @param chunks in the order they arrive
 * @param millis when each arrives, from the first on
 */
record SpokenCalls(List<AudioChunk> chunks, long[] millis) {

    /** About how long an utterance takes with the pause before it. */
    private static final int UTTERANCE_SECONDS = 3;

    static SpokenCalls of(long seed, int streams, int seconds, Path folder) throws IOException {
        AudioScenario scenario = AudioScenario.builder()
                .seed(seed)
                .streams(streams)
                .limit(streams)
                .stagger(Duration.ofSeconds(seconds / 4 + 1L))
                .utterances(Math.max(1, seconds / UTTERANCE_SECONDS))
                .sampleRates(List.of(8000, 16_000))
                .encodings(List.of(AudioEncoding.PCM_S16LE, AudioEncoding.MULAW))
                .chunkMillis(List.of(60, 100, 250))
                .line(new AudioScenario.Line(0.005, 0.005, Duration.ofMillis(150)))
                .idPrefix("call-")
                .build();
        AudioGenerator generator = new AudioGenerator(scenario, RecordedDigits.unpack(folder));
        List<AudioChunk> chunks = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        for (Delivery each = generator.next(); each != null; each = generator.next()) {
            if (each.chunk() != null) {
                chunks.add(each.chunk());
                times.add(each.timeMillis() - scenario.startTime().toEpochMilli());
            }
        }
        return new SpokenCalls(chunks, times.stream().mapToLong(Long::longValue).toArray());
    }
}
