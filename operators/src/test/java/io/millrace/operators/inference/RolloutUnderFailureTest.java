package io.millrace.operators.inference;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.millrace.schemas.CachePolicy;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Orders, upgrades and broken models, with failures in between. */
class RolloutUnderFailureTest {

    private static final InferenceSettings SETTINGS =
            InferenceHarness.settings().build();

    @AfterEach
    void nothingIsLeft() {
        ToyModel.gate.countDown();
        ToyModel.broken = null;
        ToyModel.gone = java.util.Set.of();
        assertThat(ToyModel.OPEN.get()).as("models left open").isZero();
    }

    private static InferenceHarness open(OperatorSubtaskState state) throws Exception {
        return open(SETTINGS, ToyModel.reference("1"), state);
    }

    private static InferenceHarness open(InferenceSettings settings, ModelReference model, OperatorSubtaskState state)
            throws Exception {
        return InferenceHarness.openWithCheckpoints(settings, model, 1, 0, new InferenceHarness.Coordinator(1), state);
    }

    private static Tuple4<Integer, Long, Double, String> ask(InferenceHarness harness, int key, long value)
            throws Exception {
        int before = harness.results().size();
        harness.send(key, value);
        harness.untilAnswered(before + 1);
        return harness.results().get(before);
    }

    /** Takes a checkpoint that completes, and lets a load that waited for it come to its end. */
    private static OperatorSubtaskState complete(InferenceHarness harness, long id) throws Exception {
        OperatorSubtaskState state = harness.checkpoint(id);
        int loads = ToyModel.LOADS.get();
        harness.notifyOfCompletedCheckpoint(id);
        if (harness.isLoading()) {
            harness.until(() -> ToyModel.LOADS.get() > loads && !harness.isLoading());
        }
        return state;
    }

    private static double fresh(long value, String version) {
        return new ToyModel.Reference().next(value, version);
    }

    @Test
    void anOrderIsRecordedThenLoadedThenTakenAtACheckpoint() throws Exception {
        try (InferenceHarness harness = open(null)) {
            ask(harness, 1, 10);
            int loads = ToyModel.LOADS.get();
            harness.release("r", "2", CachePolicy.RESET);
            harness.runMails();
            assertThat(ToyModel.LOADS.get()).as("not before it is recorded").isEqualTo(loads);
            complete(harness, 1);
            assertThat(ask(harness, 1, 11).f3).as("not before a checkpoint").isEqualTo("1");
            harness.checkpoint(2);
            assertThat(ask(harness, 1, 12).f3).isEqualTo("2");
        }
    }

    @Test
    void anOrderThatACheckpointHoldsIsCarriedOutAfterAFailure() throws Exception {
        OperatorSubtaskState state;
        try (InferenceHarness harness = open(null)) {
            ask(harness, 1, 10);
            harness.release("r", "2", CachePolicy.RESET);
            state = harness.checkpoint(1);
        }
        try (InferenceHarness harness = open(state)) {
            harness.until(() -> !harness.isLoading());
            harness.checkpoint(2);
            assertThat(ask(harness, 1, 12).f3).isEqualTo("2");
            harness.release("r", "2", CachePolicy.RESET);
            complete(harness, 3);
            harness.checkpoint(4);
            assertThat(ask(harness, 1, 13).f2)
                    .as("the order again changes nothing")
                    .isNotEqualTo(fresh(13, "2"));
        }
    }

    @Test
    void allSubtasksSwapAtOneCheckpointHoweverLongOneTakesToLoad() throws Exception {
        InferenceHarness.Coordinator coordinator = new InferenceHarness.Coordinator(2);
        ToyModel.gate = new CountDownLatch(1);
        int[] keys = {keyOf(0), keyOf(1)};
        try (InferenceHarness quick = InferenceHarness.openWithCheckpoints(SETTINGS, 2, 0, coordinator, null);
                InferenceHarness slow = InferenceHarness.openWithCheckpoints(SETTINGS, 2, 1, coordinator, null)) {
            List<InferenceHarness> both = List.of(quick, slow);
            for (InferenceHarness harness : both) {
                harness.release("r", "slow", CachePolicy.RESET);
                harness.checkpoint(1);
            }
            quick.notifyOfCompletedCheckpoint(1);
            slow.notifyOfCompletedCheckpoint(1);
            coordinator.checkpoint();
            for (InferenceHarness harness : both) {
                harness.runMails();
                harness.checkpoint(2);
            }
            assertThat(ask(quick, keys[0], 1).f3).isEqualTo("1");
            ToyModel.gate.countDown();
            for (InferenceHarness harness : both) {
                harness.until(() -> !harness.isLoading());
            }
            coordinator.checkpoint();
            for (InferenceHarness harness : both) {
                harness.runMails();
                harness.checkpoint(3);
            }
            assertThat(ask(quick, keys[0], 2).f3).isEqualTo("slow");
            assertThat(ask(slow, keys[1], 2).f3).isEqualTo("slow");
        }
    }

    /** One subtask swapped before the checkpoint of the other, as formats of before allowed: the new model wins. */
    @Test
    void theHighestGenerationServesAfterARestoreAndItsStatesAreGoneOnWith() throws Exception {
        OperatorSubtaskState[] parts = new OperatorSubtaskState[2];
        int swappedKey = keyOf(0);
        for (int subtask = 0; subtask < 2; subtask++) {
            try (InferenceHarness harness = InferenceHarness.openWithCheckpoints(
                    SETTINGS, 2, subtask, new InferenceHarness.Coordinator(1), null)) {
                if (subtask == 0) {
                    harness.release("r", "2", CachePolicy.RESET);
                    complete(harness, 1);
                    harness.checkpoint(2);
                    ask(harness, swappedKey, 5);
                }
                parts[subtask] = harness.checkpoint(3);
            }
        }
        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(parts);
        try (InferenceHarness harness = open(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                all, InferenceHarness.MAX_PARALLELISM, 2, 1, 0))) {
            ToyModel.Reference reference = new ToyModel.Reference();
            reference.next(5, "2");
            assertThat(ask(harness, swappedKey, 6)).isEqualTo(Tuple4.of(swappedKey, 6L, reference.next(6, "2"), "2"));
        }
    }

    private static int keyOf(int subtask) {
        for (int key = 0; ; key++) {
            if (org.apache.flink.runtime.state.KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            key, InferenceHarness.MAX_PARALLELISM, 2)
                    == subtask) {
                return key;
            }
        }
    }

    @Test
    void aSecondOrderTakesThePlaceOfTheFirstAndOneForWhatServesEndsIt() throws Exception {
        try (InferenceHarness harness = open(null)) {
            harness.release("r2", "2", CachePolicy.RESET);
            complete(harness, 1);
            harness.release("regret", "1", CachePolicy.RESET);
            harness.checkpoint(2);
            assertThat(ask(harness, 1, 10).f3).isEqualTo("1");
            harness.release("r3", "3", CachePolicy.RESET);
            complete(harness, 3);
            harness.release("r4", "4", CachePolicy.RESET);
            complete(harness, 4);
            harness.checkpoint(5);
            assertThat(ask(harness, 1, 11).f3).isEqualTo("4");
        }
    }

    @Test
    void resetRevivesNoStateOfAnEarlierTime() throws Exception {
        try (InferenceHarness harness = open(null)) {
            for (int key = 0; key < 30; key++) {
                harness.send(key, 50 + key);
            }
            harness.untilAnswered(30);
            harness.checkpoint(1);
            harness.release("forth", "2", CachePolicy.RESET);
            complete(harness, 2);
            harness.checkpoint(3);
            harness.release("back", "1", CachePolicy.RESET);
            complete(harness, 4);
            harness.checkpoint(5);
            for (int key = 0; key < 30; key++) {
                assertThat(ask(harness, key, 7)).isEqualTo(Tuple4.of(key, 7L, fresh(7, "1"), "1"));
            }
        }
    }

    @Test
    void aModelThatDoesNotLoadIsTriedAsOftenAsConfiguredAndChangesNothing() throws Exception {
        InferenceSettings settings = InferenceHarness.settings()
                .optRollout(new RolloutSettings(
                        Duration.ofHours(1),
                        2,
                        Duration.ofMillis(20),
                        Duration.ofMinutes(1),
                        RolloutSettings.LayoutChange.RESET))
                .build();
        for (String version : List.of("broken", "huge")) {
            try (InferenceHarness harness = open(settings, ToyModel.reference("1"), null)) {
                int loads = ToyModel.LOADS.get();
                harness.release("r", version, CachePolicy.RESET);
                harness.checkpoint(1);
                harness.notifyOfCompletedCheckpoint(1);
                harness.until(() -> ToyModel.LOADS.get() == loads + 2 && !harness.isUnderWay());
                assertThat(ask(harness, 1, 10).f3).isEqualTo("1");
                harness.release("next", "2", CachePolicy.RESET);
                complete(harness, 2);
                harness.checkpoint(3);
                assertThat(ask(harness, 1, 10).f3)
                        .as("the next order is carried out")
                        .isEqualTo("2");
            }
        }
    }

    @Test
    void drainingEndsWithoutATimeToLive() throws Exception {
        InferenceSettings settings = InferenceHarness.settings()
                .optRollout(new RolloutSettings(
                        Duration.ofSeconds(5),
                        1,
                        Duration.ZERO,
                        Duration.ofMinutes(1),
                        RolloutSettings.LayoutChange.RESET))
                .build();
        try (InferenceHarness harness = open(settings, ToyModel.reference("1"), null)) {
            harness.watermark(1_000);
            for (int version = 2; version <= 4; version++) {
                harness.release("r" + version, "" + version, CachePolicy.DRAIN);
                complete(harness, 2 * version);
                harness.checkpoint(2 * version + 1);
            }
            assertThat(ToyModel.OPEN.get()).isEqualTo(4);
            harness.watermark(7_000);
            harness.send(1, 5, 7_001);
            harness.until(() -> ToyModel.OPEN.get() == 1);
        }
    }

    @Test
    void aDefaultModelThatIsAnotherAfterAnUpgradeTakesOver() throws Exception {
        OperatorSubtaskState state;
        try (InferenceHarness harness = open(null)) {
            ask(harness, 1, 10);
            state = harness.checkpoint(1);
        }
        ToyModel.gone = java.util.Set.of("toy:1");
        try (InferenceHarness harness = open(SETTINGS, ToyModel.reference("2"), state)) {
            assertThat(ask(harness, 1, 11)).isEqualTo(Tuple4.of(1, 11L, fresh(11, "2"), "2"));
        }
    }

    @Test
    void aModelThatOnlyDrainedMayBeGone() throws Exception {
        OperatorSubtaskState state;
        try (InferenceHarness harness = open(null)) {
            ask(harness, 1, 10);
            harness.release("r", "2", CachePolicy.DRAIN);
            complete(harness, 1);
            harness.checkpoint(2);
            assertThat(ask(harness, 1, 11).f3).as("drains").isEqualTo("1");
            state = harness.checkpoint(3);
        }
        ToyModel.gone = java.util.Set.of("toy:1");
        try (InferenceHarness harness = open(state)) {
            assertThat(ask(harness, 1, 12)).isEqualTo(Tuple4.of(1, 12L, fresh(12, "2"), "2"));
        }
    }

    @Test
    void aModelThatAnOrderBroughtAndThatIsGoneIsNamedWithTheRemedy() throws Exception {
        OperatorSubtaskState state;
        try (InferenceHarness harness = open(null)) {
            harness.release("r", "2", CachePolicy.RESET);
            complete(harness, 1);
            state = harness.checkpoint(2);
        }
        ToyModel.gone = java.util.Set.of("toy:2");
        assertThatThrownBy(() -> open(state)).hasMessageContaining("order r").hasMessageContaining("put it back");
        try (InferenceHarness harness = open(SETTINGS, new ModelReference("toy", "3", "elsewhere", ""), state)) {
            assertThat(ask(harness, 1, 12).f3).isEqualTo("3");
        }
    }

    @Test
    void statesOfAnotherLayoutAreNeverRead() throws Exception {
        OperatorSubtaskState state;
        try (InferenceHarness harness = open(null)) {
            ask(harness, 1, 10);
            state = harness.checkpoint(1);
        }
        ModelReference tuned = new ModelReference("toy", "1", "other-layout", "");
        try (InferenceHarness harness = open(SETTINGS, tuned, state)) {
            assertThat(ask(harness, 1, 11).f2).isEqualTo(fresh(11, "1"));
        }
        InferenceSettings strict = InferenceHarness.settings()
                .optRollout(new RolloutSettings(
                        Duration.ofHours(1),
                        1,
                        Duration.ZERO,
                        Duration.ofMinutes(1),
                        RolloutSettings.LayoutChange.REFUSE))
                .build();
        assertThatThrownBy(() -> open(strict, tuned, state)).hasMessageContaining("another layout");
    }

    @Test
    void aYoungModelThatDoesNotWorkIsWithdrawnAndEveryRecordIsAnswered() throws Exception {
        try (InferenceHarness harness = open(null)) {
            ask(harness, 1, 10);
            harness.release("r", "2", CachePolicy.RESET);
            complete(harness, 1);
            harness.checkpoint(2);
            assertThat(ask(harness, 1, 11).f3).isEqualTo("2");
            ToyModel.broken = "2";
            for (int key = 0; key < 6; key++) {
                harness.send(key, 20 + key);
            }
            harness.until(() -> harness.isUnderWay() && !harness.isLoading());
            harness.checkpoint(3);
            harness.untilAnswered(8);
            Map<Integer, String> versions = new HashMap<>();
            harness.results().subList(2, 8).forEach(r -> versions.put(r.f0, r.f3));
            assertThat(versions).hasSize(6).containsValue("1").doesNotContainValue("2");
            assertThat(harness.deadLetters()).isEmpty();
        }
    }

    @Test
    void aDeviceThatFailsFailsTheTaskAndMakesNoDeadLetter() throws Exception {
        OperatorSubtaskState state;
        InferenceHarness harness = open(null);
        try {
            ask(harness, 1, 10);
            state = harness.checkpoint(1);
            ToyModel.broken = "1";
            for (int key = 0; key < 10; key++) {
                harness.send(key, key);
            }
            assertThatThrownBy(() -> harness.until(() -> false)).hasMessageContaining("trial inputs");
            assertThat(harness.deadLetters()).isEmpty();
        } finally {
            harness.closeWithoutFinishing();
            ToyModel.broken = null;
        }
        try (InferenceHarness again = open(state)) {
            ToyModel.Reference reference = new ToyModel.Reference();
            reference.next(10, "1");
            assertThat(ask(again, 1, 11).f2).isEqualTo(reference.next(11, "1"));
        }
    }
}
