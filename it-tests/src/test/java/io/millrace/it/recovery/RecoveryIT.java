package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.millrace.it.LocalInfrastructure;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Committed output of each stage's job on a cluster of processes is the same whether TaskManagers are killed, the job is
 * rescaled, the broker goes away, or nothing happens: none missing, none twice. {@code -Dmillrace.recovery=speech} tries one
 * stage alone.
 */
@ExtendWith(LocalInfrastructure.class)
@Timeout(900)
class RecoveryIT {

    private static final String ONLY = System.getProperty("millrace.recovery", "");
    private static final int KILLS = 5;
    private static final Duration AT_ONCE = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long SEED = 20_260_105;

    private static final List<RecoveryScenario<?>> SCENARIOS = List.of(new IntrusionScenario(), new SpeechScenario());

    @TempDir
    static Path folder;

    private static final Map<RecoveryScenario<?>, Outcome<?>> UNDISTURBED = new HashMap<>();
    private static FlinkCluster cluster;

    static Stream<RecoveryScenario<?>> scenarios() {
        return SCENARIOS.stream()
                .filter(scenario -> ONLY.isEmpty() || scenario.toString().equals(ONLY));
    }

    @BeforeAll
    static void start() throws Exception {
        assertThat(scenarios()).as("stages named " + ONLY).isNotEmpty();
        cluster = new FlinkCluster(3, Path.of("target", "cluster-logs"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        UNDISTURBED.clear();
    }

    /** What a run in peace commits, tried once. */
    @SuppressWarnings("unchecked")
    private static <O extends Outcome<O>> O undisturbed(RecoveryScenario<O> scenario, LocalInfrastructure local)
            throws Exception {
        O known = (O) UNDISTURBED.get(scenario);
        if (known != null) {
            return known;
        }
        scenario.prepare(folder.resolve(scenario.toString()));
        try (JobRun<?, O> run = scenario.open(local, cluster, folder)) {
            run.stream(AT_ONCE);
            run.start(2, null);
            O outcome = run.finish();
            scenario.check(outcome);
            UNDISTURBED.put(scenario, outcome);
            return outcome;
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    <O extends Outcome<O>> void killedTaskManagersChangeNothing(RecoveryScenario<O> scenario, LocalInfrastructure local)
            throws Exception {
        O undisturbed = undisturbed(scenario, local);
        Random random = new Random(SEED);
        List<Long> restored = new ArrayList<>();
        try (JobRun<?, O> run = scenario.open(local, cluster, folder)) {
            RecordStream<?> stream = run.stream(scenario.throughKills());
            run.start(2, null);
            Awaitility.await("the first answers").atMost(LIMIT).until(() -> run.answered() > 0);
            for (int kill = 1; kill <= KILLS; kill++) {
                Thread.sleep(random.nextInt((int) scenario.betweenKills().toMillis()));
                int restores = run.job().restores();
                if (kill == KILLS) {
                    // On a machine that is busy with other things the others may have come before a second checkpoint.
                    Awaitility.await("a second checkpoint")
                            .atMost(LIMIT)
                            .until(() -> run.job().completedCheckpoint() > 1);
                }
                // A loss that was noticed late may restart the job once more.
                List<String> busy = Awaitility.await("two TaskManagers have work")
                        .atMost(LIMIT)
                        .until(() -> run.job().taskManagers(), working -> working.size() == 2);
                assertThat(stream.streams())
                        .as("records stream at kill " + kill + ", " + stream.published() + " are published")
                        .isTrue();
                cluster.kill(busy.get(random.nextInt(busy.size())));
                cluster.startTaskManager();
                Awaitility.await("the job runs again after kill " + kill)
                        .atMost(LIMIT)
                        .until(() ->
                                run.job().restores() > restores && run.job().isRunning());
                restored.add(run.job().restoredCheckpoint());
            }
            assertThat(run.job().restores()).as("a restart for each kill").isGreaterThanOrEqualTo(KILLS);
            O disturbed = run.finish();

            assertThat(restored).as("checkpoints restored").isSorted().anyMatch(checkpoint -> checkpoint > 1);
            assertThat(undisturbed.differencesOf(disturbed)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    <O extends Outcome<O>> void aRescaleFromASavepointChangesNothing(
            RecoveryScenario<O> scenario, LocalInfrastructure local) throws Exception {
        O undisturbed = undisturbed(scenario, local);
        try (JobRun<?, O> run = scenario.open(local, cluster, folder)) {
            RecordStream<?> stream = run.stream(scenario.throughOneFailure());
            run.start(2, null);
            Awaitility.await("a third of the answers")
                    .atMost(LIMIT)
                    .until(() -> run.answered() > undisturbed.results() / 3);
            String savepoint = run.job().stop(false);
            int before = run.answered();
            assertThat(stream.streams()).as("records stream at the savepoint").isTrue();
            run.start(3, savepoint);
            O rescaled = run.finish();

            assertThat(before).isLessThan(undisturbed.results());
            assertThat(undisturbed.differencesOf(rescaled)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    <O extends Outcome<O>> void aBrokerThatIsAwayChangesNothing(RecoveryScenario<O> scenario, LocalInfrastructure local)
            throws Exception {
        O undisturbed = undisturbed(scenario, local);
        try (JobRun<?, O> run = scenario.open(local, cluster, folder)) {
            RecordStream<?> stream = run.stream(scenario.throughOneFailure());
            run.start(2, null);
            Awaitility.await("the first answers").atMost(LIMIT).until(() -> run.answered() > 0);
            assertThat(stream.streams())
                    .as("records stream when the broker goes")
                    .isTrue();
            local.broker().stop();
            try {
                TimeUnit.SECONDS.sleep(5);
            } finally {
                local.broker().restart();
            }

            assertThat(undisturbed.differencesOf(run.finish())).isEmpty();
        }
    }
}
