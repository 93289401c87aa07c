package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.millrace.it.LocalInfrastructure;
import io.millrace.schemas.AudioChunk;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Committed finals of the speech job on a cluster of processes are the same, words and their times, whether TaskManagers
 * are killed, the job is rescaled, the broker goes away, or nothing happens: none missing, none twice.
 *
 * <p>{@code -Dmillrace.speech.real=true -Dmillrace.speech.streams=200 -Dmillrace.speech.seconds=60} lets recorded digits
 * come at real time and be heard by the model that ships.
 */
@ExtendWith(LocalInfrastructure.class)
@Timeout(900)
class SpeechRecoveryIT {
    private static final int STREAMS = Integer.getInteger("millrace.speech.streams", 24);
    private static final int SECONDS = Integer.getInteger("millrace.speech.seconds", 6);
    private static final boolean REAL = Boolean.getBoolean("millrace.speech.real");
    private static final int KILLS = 5;
    private static final Duration AT_ONCE = Duration.ofMillis(20);
    private static final Duration THROUGH_KILLS = Duration.ofSeconds(40);
    private static final Duration THROUGH_ONE_FAILURE = Duration.ofSeconds(20);
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
    private static final long SEED = 20_260_301;

    @TempDir
    static Path folder;

    private static List<AudioChunk> audio;
    private static long[] realTime;
    private static FlinkCluster cluster;
    private static Heard undisturbed;

    @BeforeAll
    static void runUndisturbed(LocalInfrastructure local) throws Exception {
        if (REAL) {
            SpokenCalls calls = SpokenCalls.of(SEED, STREAMS, SECONDS, folder.resolve("digits"));
            audio = calls.chunks();
            realTime = calls.millis();
        } else {
            audio = SeededSpeech.of(SEED, STREAMS, SECONDS);
        }
        BabbleModel.write(folder.resolve("model"));
        cluster = new FlinkCluster(3, Path.of("target", "cluster-logs"));
        try (SpeechRun run = run(local)) {
            run.stream(audio, pace(AT_ONCE));
            run.start(2, null);
            undisturbed = run.finish(STREAMS);
        }
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

    private static SpeechRun run(LocalInfrastructure local) {
        String model = REAL ? "default" : folder.resolve("model").toString();
        return SpeechRun.over(local, cluster, folder, model, REAL ? ROOMY : TIGHT);
    }

    private static RecordStream.Pace pace(Duration spread) {
        return REAL ? RecordStream.Pace.at(realTime) : RecordStream.Pace.slowing(audio.size(), spread);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void killedTaskManagersChangeNothing(LocalInfrastructure local) throws Exception {
        Random random = new Random(SEED);
        List<Long> restored = new ArrayList<>();
        try (SpeechRun run = run(local)) {
            RecordStream<AudioChunk> stream = run.stream(audio, pace(THROUGH_KILLS));
            run.start(2, null);
            Awaitility.await("the first results").atMost(Duration.ofSeconds(60)).until(() -> run.answered() > 0);
            for (int kill = 1; kill <= KILLS; kill++) {
                Thread.sleep(random.nextInt(REAL ? 5000 : 1500));
                int restores = run.job().restores();
                if (kill == KILLS) {
                    // On a machine that is busy with other things the others may have come before a second checkpoint.
                    Awaitility.await("a second checkpoint")
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> run.job().completedCheckpoint() > 1);
                }
                List<String> busy = run.job().taskManagers();
                assertThat(busy).as("TaskManagers with work").hasSize(2);
                assertThat(stream.streams()).as("audio streams at kill " + kill).isTrue();
                cluster.kill(busy.get(random.nextInt(busy.size())));
                cluster.startTaskManager();
                Awaitility.await("the job runs again after kill " + kill)
                        .atMost(Duration.ofSeconds(60))
                        .until(() ->
                                run.job().restores() > restores && run.job().isRunning());
                restored.add(run.job().restoredCheckpoint());
            }
            assertThat(run.job().restores()).as("a restart for each kill").isGreaterThanOrEqualTo(KILLS);
            Heard disturbed = run.finish(STREAMS);

            assertThat(restored).as("checkpoints restored").isSorted().anyMatch(checkpoint -> checkpoint > 1);
            assertThat(undisturbed.differencesOf(disturbed)).isEmpty();
        }
    }

    @Test
    void aRescaleFromASavepointChangesNothing(LocalInfrastructure local) throws Exception {
        try (SpeechRun run = run(local)) {
            RecordStream<AudioChunk> stream = run.stream(audio, pace(THROUGH_ONE_FAILURE));
            run.start(2, null);
            int third = undisturbed.transcripts().size() / 3;
            Awaitility.await("a third of the results")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> run.answered() > third);
            String savepoint = run.job().stop(false);
            assertThat(stream.streams()).as("audio streams at the savepoint").isTrue();
            run.start(3, savepoint);

            assertThat(undisturbed.differencesOf(run.finish(STREAMS))).isEmpty();
        }
    }

    @Test
    void aBrokerThatIsAwayChangesNothing(LocalInfrastructure local) throws Exception {
        try (SpeechRun run = run(local)) {
            RecordStream<AudioChunk> stream = run.stream(audio, pace(THROUGH_ONE_FAILURE));
            run.start(2, null);
            Awaitility.await("the first results").atMost(Duration.ofSeconds(60)).until(() -> run.answered() > 0);
            assertThat(stream.streams())
                    .as("audio streams when the broker goes")
                    .isTrue();
            local.broker().stop();
            try {
                TimeUnit.SECONDS.sleep(5);
            } finally {
                local.broker().restart();
            }

            assertThat(undisturbed.differencesOf(run.finish(STREAMS))).isEmpty();
        }
    }
}
