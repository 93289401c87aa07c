package io.millrace.jobs.speech;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.millrace.jobs.command.ConnectionOptions;
import io.millrace.jobs.command.StopSignal;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.kafka.TopicPublisher;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTopics;
import io.millrace.schemas.SpeechTruth;
import io.millrace.simulators.pacing.PacingClock;
import io.millrace.simulators.pacing.StreamPacer;
import io.millrace.simulators.speech.stream.AudioGenerator;
import io.millrace.simulators.speech.stream.AudioPlayback;
import io.millrace.simulators.speech.stream.AudioScenario;
import io.millrace.simulators.speech.stream.AudioStatistics;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace simulate audio}: many streams of speech at a time, and the truth about them. */
@Command(
        name = "audio",
        description =
                "Makes many audio streams with speech in them and writes their chunks to Kafka, and what is said to"
                        + " another topic.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace simulate audio --espeak --streams 20 --duration 60s --jitter 200ms --loss 0.01 --noise-db 20"
                    + " --bootstrap localhost:9092 --registry http://localhost:8081"
        })
public final class SimulateAudioCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private SpeechSourceOptions speech;

    @Mixin
    private AudioScenarioOptions options;

    @ArgGroup
    private Pace pace = new Pace();

    static final class Pace {
        @Option(
                names = "--speed",
                paramLabel = "N",
                defaultValue = "1",
                description = "Stream seconds a second (default 1: real time).")
        private double speed = 1;

        @Option(names = "--fast", description = "As fast as possible.")
        private boolean fast;
    }

    @Mixin
    private ConnectionOptions kafka;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "Topic for the audio (default: that of the catalogue).")
    private String topic;

    @Option(
            names = "--truth-topic",
            paramLabel = "TOPIC",
            description = "Topic for what is said (default: that of the catalogue).")
    private String truthTopic;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        AudioScenario scenario = scenario();
        Connection connection = kafka.connection(spec);
        StreamPacer pacer = pacer();
        AudioGenerator generator;
        try {
            generator = new AudioGenerator(scenario, speech.open());
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        try (StopSignal stop = StopSignal.onShutdown()) {
            send(generator, scenario, pacer, stop, connection);
        }
        return 0;
    }

    private void send(
            AudioGenerator generator, AudioScenario scenario, StreamPacer pacer, StopSignal stop, Connection connection)
            throws IOException {
        long began = System.nanoTime();
        PrintWriter log = spec.commandLine().getErr();
        try (TopicPublisher<AudioChunk> audio = TopicPublisher.open(SpeechTopics.AUDIO, topic, connection);
                TopicPublisher<SpeechTruth> truth = TopicPublisher.open(SpeechTopics.TRUTH, truthTopic, connection)) {
            if (pacer != null) {
                pacer.start(scenario.startTime().toEpochMilli());
            }
            AudioPlayback.run(generator, pacer, stop::asked, audio::accept, truth::accept);
        } finally {
            log.println(summary(generator.statistics(), (System.nanoTime() - began) / 1e9));
            log.flush();
        }
    }

    /** The scenario that the options describe. */
    AudioScenario scenario() {
        try {
            return options.scenario(pace.fast ? AudioScenario.DEFAULT_START : Instant.now());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private StreamPacer pacer() {
        try {
            return pace.fast ? null : new StreamPacer(PacingClock.SYSTEM, pace.speed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    private static String summary(AudioStatistics made, double seconds) {
        return String.format(
                Locale.ROOT,
                "%d streams, %.1f s of audio in %d chunks (%d lost, %d twice) in %.1f s",
                made.streams(),
                made.seconds(),
                made.chunks(),
                made.lost(),
                made.duplicated(),
                seconds);
    }
}
