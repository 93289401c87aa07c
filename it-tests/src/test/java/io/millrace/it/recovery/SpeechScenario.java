package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.millrace.it.LocalInfrastructure;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams of audio: finals are the same, words and their times.
 *
 * <p>{@code -Dmillrace.speech.real=true -Dmillrace.speech.streams=200 -Dmillrace.speech.seconds=60} lets recorded digits
 * come at real time and be heard by the model that ships.
 */
final class SpeechScenario implements RecoveryScenario<Heard> {

    private static final int STREAMS = Integer.getInteger("millrace.speech.streams", 24);
    private static final int SECONDS = Integer.getInteger("millrace.speech.seconds", 6);
    private static final boolean REAL = Boolean.getBoolean("millrace.speech.real");
    private static final long SEED = 20_260_301;
    /** Fewer slots than a subtask has streams, and waits in which a checkpoint finds chunks unheard. */
    private static final Map<String, ?> TIGHT = Map.of(
            "max-batch",
            4,
            "max-wait",
            Duration.ofMillis(50),
            "capacity",
            256,
            "slots",
            8,
            "pipeline-depth",
            2,
            "write-ahead-from",
            Duration.ZERO,
            "device",
            "cpu");

    private static final Map<String, ?> ROOMY = Map.of(
            "max-batch",
            64,
            "max-wait",
            Duration.ofMillis(20),
            "capacity",
            512,
            "slots",
            256,
            "pipeline-depth",
            2,
            "write-ahead-from",
            Duration.ZERO,
            "device",
            "cpu");

    private SpeechRun.Calls calls;
    private String model = "default";

    @Override
    public void prepare(Path folder) throws Exception {
        if (REAL) {
            SpokenCalls spoken = SpokenCalls.of(SEED, STREAMS, SECONDS, folder.resolve("digits"));
            calls = new SpeechRun.Calls(STREAMS, spoken.chunks(), spoken.millis());
        } else {
            calls = new SpeechRun.Calls(STREAMS, SeededSpeech.of(SEED, STREAMS, SECONDS), null);
            BabbleModel.write(folder.resolve("model"));
            model = folder.resolve("model").toString();
        }
    }

    @Override
    public SpeechRun open(LocalInfrastructure local, FlinkCluster cluster, Path folder) {
        return SpeechRun.over(local, cluster, folder, calls, model, REAL ? ROOMY : TIGHT);
    }

    @Override
    public void check(Heard undisturbed) {
        assertThat(undisturbed.finals()).hasSize(STREAMS);
        assertThat(undisturbed.finals().values())
                .as("streams with words")
                .allMatch(finals -> finals.stream().anyMatch(said -> !said.contains("[]")));
        assertThat(undisturbed.transcripts())
                .as("gaps among the audio")
                .anyMatch(transcript -> transcript.getGapsFilled() > 0);
        assertThat(undisturbed.alerts()).isNotEmpty();
        assertThat(undisturbed.samples())
                .isNotEmpty()
                .allSatisfy(sample -> assertThat(sample.getEmbedding()).isNotEmpty());
        assertThat(undisturbed.deadLetters()).isEmpty();
    }

    @Override
    public Duration betweenKills() {
        return REAL ? Duration.ofSeconds(5) : Duration.ofMillis(1500);
    }

    @Override
    public Duration throughKills() {
        return Duration.ofSeconds(40);
    }

    @Override
    public Duration throughOneFailure() {
        return Duration.ofSeconds(20);
    }

    @Override
    public String toString() {
        return "speech";
    }
}
