package io.millrace.jobs.speech;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.SpeechTruth;
import io.millrace.simulators.pacing.PacingClock;
import io.millrace.simulators.pacing.StreamPacer;
import io.millrace.simulators.speech.stream.AudioGenerator;
import io.millrace.simulators.speech.stream.AudioPlayback;
import io.millrace.simulators.speech.stream.AudioScenario;
import io.millrace.simulators.speech.stream.SpeechSource;

/** Short calls in real time, one utterance each, over a line with some noise that loses a chunk now and then. */
final class SimulatedCalls {

    private static final double NOISE_DB = 25;
    /** No jitter: a sender held up for long would make a chunk late that only should have been out of order. */
    private static final AudioScenario.Line LINE = new AudioScenario.Line(0.01, 0.01, Duration.ZERO);

    private final int streams;
    private final long seed;
    private volatile boolean stopped;

    /**
     * Prepares.
     *
     * @param streams calls at a time
     */
    SimulatedCalls(int streams, long seed) {
        this.streams = streams;
        this.seed = seed;
    }

    /** With what the identifiers of the streams begin. */
    String prefix() {
        return "call-" + seed + "-";
    }

    /** The scenario, from {@code start} on. */
    AudioScenario scenario(Instant start) {
        return AudioScenario.builder()
                .seed(seed)
                .startTime(start)
                .streams(streams)
                .stagger(Duration.ofSeconds(3))
                .utterances(1)
                .pauses(Duration.ofMillis(300), Duration.ofMillis(1200))
                .sampleRates(List.of(8000, 16_000))
                .encodings(List.of(AudioEncoding.PCM_S16LE, AudioEncoding.MULAW))
                .chunkMillis(List.of(60, 100))
                .noiseDb(NOISE_DB)
                .line(LINE)
                .idPrefix("call-" + seed)
                .build();
    }

    /**
     * Sends until {@link #stop} is called; then every call is cut short, ended and told of.
     *
     * @throws IOException if the speech cannot be had
     */
    void run(SpeechSource speech, Consumer<AudioChunk> audio, Consumer<SpeechTruth> truth) throws IOException {
        Instant start = Instant.now();
        AudioGenerator generator = new AudioGenerator(scenario(start), speech);
        StreamPacer pacer = new StreamPacer(PacingClock.SYSTEM, 1);
        pacer.start(start.toEpochMilli());
        AudioPlayback.run(generator, pacer, () -> stopped, audio, truth);
    }

    /** Makes {@link #run} return; called from another thread. */
    void stop() {
        stopped = true;
    }
}
