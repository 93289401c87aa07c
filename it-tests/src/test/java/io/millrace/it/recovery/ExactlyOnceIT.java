package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.millrace.it.LocalInfrastructure;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.Verdict;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Committed output of the intrusion job on a cluster of processes is the same whether TaskManagers are killed, the job is
 * rescaled, or nothing happens: per key the same detections in the same order, none missing, none twice.
 */
@ExtendWith(LocalInfrastructure.class)
@Timeout(300)
class ExactlyOnceIT {
    private static final int KEYS = 500;
    private static final int FLOWS = 24_000;
    private static final int KILLS = 5;
    private static final Duration AT_ONCE = Duration.ofMillis(20);
    private static final Duration THROUGH_KILLS = Duration.ofSeconds(75);
    private static final Duration THROUGH_A_RESCALE = Duration.ofSeconds(25);
    private static final long SEED = 20_260_105;

    @TempDir
    static Path folder;

    private static List<FlowRecord> flows;
    private static FlinkCluster cluster;
    private static Committed undisturbed;

    @BeforeAll
    static void runUndisturbed(LocalInfrastructure local) throws Exception {
        flows = SeededFlows.of(SEED, KEYS, FLOWS, Duration.ofSeconds(1));
        cluster = new FlinkCluster(3, Path.of("target", "cluster-logs"));
        try (IntrusionRun run = IntrusionRun.over(local, cluster, folder)) {
            run.stream(flows, AT_ONCE);
            run.start(2, null);
            undisturbed = run.finish();
        }
        assertThat(undisturbed.byKey()).hasSizeGreaterThanOrEqualTo(KEYS);
        assertThat(undisturbed.detections())
                .as("each flow once")
                .doesNotHaveDuplicates()
                .anyMatch(detection -> detection.getVerdict() == Verdict.ATTACK)
                .anyMatch(detection -> detection.getVerdict() == Verdict.BENIGN);
        assertThat(undisturbed.alerts()).isNotEmpty();
        assertThat(undisturbed.samples()).isNotEmpty();
        assertThat(undisturbed.deadLetters()).isEmpty();
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
        try (IntrusionRun run = IntrusionRun.over(local, cluster, folder)) {
            RecordStream<FlowRecord> stream = run.stream(flows, THROUGH_KILLS);
            run.start(2, null);
            Awaitility.await("the first answers").atMost(Duration.ofSeconds(60)).until(() -> run.answered() > 0);
            for (int kill = 1; kill <= KILLS; kill++) {
                Thread.sleep(random.nextInt(5000));
                int restores = run.job().restores();
                if (kill == KILLS) {
                    // On a machine that is busy with other things the others may have come before a second checkpoint.
                    Awaitility.await("a second checkpoint")
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> run.job().completedCheckpoint() > 1);
                }
                List<String> busy = run.job().taskManagers();
                assertThat(busy).as("TaskManagers with work").hasSize(2);
                assertThat(stream.streams())
                        .as("flows stream at kill " + kill + ", " + stream.published() + " are published")
                        .isTrue();
                cluster.kill(busy.get(random.nextInt(busy.size())));
                cluster.startTaskManager();
                Awaitility.await("the job runs again after kill " + kill)
                        .atMost(Duration.ofSeconds(60))
                        .until(() ->
                                run.job().restores() > restores && run.job().isRunning());
                restored.add(run.job().restoredCheckpoint());
            }
            assertThat(run.job().restores()).as("a restart for each kill").isGreaterThanOrEqualTo(KILLS);
            Committed disturbed = run.finish();

            assertThat(restored).as("checkpoints restored").isSorted().anyMatch(checkpoint -> checkpoint > 1);
            assertThat(undisturbed.differencesOf(disturbed)).isEmpty();
        }
    }

    @Test
    void aRescaleFromASavepointChangesNothing(LocalInfrastructure local) throws Exception {
        try (IntrusionRun run = IntrusionRun.over(local, cluster, folder)) {
            RecordStream<FlowRecord> stream = run.stream(flows, THROUGH_A_RESCALE);
            run.start(2, null);
            Awaitility.await("a third of the answers")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> run.answered() > FLOWS / 3);
            String savepoint = run.job().stop(false);
            int before = run.answered();
            assertThat(stream.streams()).as("flows stream at the savepoint").isTrue();
            run.start(3, savepoint);
            Committed rescaled = run.finish();

            assertThat(before).isLessThan(FLOWS);
            assertThat(undisturbed.differencesOf(rescaled)).isEmpty();
        }
    }
}
