package io.millrace.operators.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.millrace.schemas.CachePolicy;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeyedInferenceOperatorTest {

    private final Map<Integer, ToyModel.Reference> expected = new HashMap<>();

    @AfterEach
    void everyModelIsClosed() {
        assertThat(ToyModel.OPEN.get()).as("models left open").isZero();
    }

    private double expect(int key, long value) {
        return expect(key, value, "1");
    }

    private double expect(int key, long value, String version) {
        return expected.computeIfAbsent(key, k -> new ToyModel.Reference()).next(value, version);
    }

    private void assertEachKeyIsAnsweredInOrder(List<Tuple4<Integer, Long, Double, String>> results) {
        Map<Integer, ToyModel.Reference> fresh = new HashMap<>();
        for (Tuple4<Integer, Long, Double, String> result : results) {
            double output = fresh.computeIfAbsent(result.f0, k -> new ToyModel.Reference())
                    .next(result.f1, result.f3);
            assertThat(result.f2).as("output for %s", result).isEqualTo(output);
        }
    }

    @Test
    void recordsOfManyKeysShareBatchesAndEachKeyGoesInOrder() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            for (int i = 0; i < 60; i++) {
                harness.send(i % 7, i);
            }
            harness.untilAnswered(60);
            assertThat(harness.results()).hasSize(60);
            assertEachKeyIsAnsweredInOrder(harness.results());
        }
    }

    @Test
    void aLoneRecordIsAnsweredOnceItHasWaitedLongEnough() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 5);
            Thread.sleep(50);
            harness.runMails();
            assertThat(harness.results()).as("before its time is up").isEmpty();
            harness.passTime(10);
            harness.until(() -> harness.results().size() == 1);
        }
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aRecordWhoseStateIsOnItsWayOutWaitsForItWithoutSpinning() throws Exception {
        var settings = InferenceHarness.settings().optMaxBatch(1).optSlots(2).build();
        ToyModel.gate = new CountDownLatch(1);
        try (InferenceHarness harness = InferenceHarness.open(settings)) {
            harness.send(1, 10);
            harness.send(2, 20);
            harness.untilAnswered(2);
            harness.send(3, ToyModel.SLOW);
            harness.send(1, 11);
            harness.passTime(100);
            assertThat(harness.results()).as("while the slow batch runs").hasSize(2);
            ToyModel.gate.countDown();
            harness.untilAnswered(4);
            assertEachKeyIsAnsweredInOrder(harness.results());
        } finally {
            ToyModel.gate.countDown();
        }
    }

    @Test
    void aFullBufferHoldsTheInputBackAndLosesNothing() throws Exception {
        var settings = InferenceHarness.settings().optCapacity(4).build();
        try (InferenceHarness harness = InferenceHarness.open(settings)) {
            for (int i = 0; i < 500; i++) {
                harness.send(3, i);
            }
            harness.untilAnswered(500);
            assertEachKeyIsAnsweredInOrder(harness.results());
            assertThat(harness.results().stream().map(r -> r.f1)).isSorted().hasSize(500);
        }
    }

    @Test
    void aWatermarkWaitsForTheRecordsBeforeItAndIdlenessForTheWatermark() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 1, 100);
            harness.watermark(100);
            harness.send(1, 2, 101);
            harness.watermark(101);
            harness.idle();
            assertThat(harness.getOutput()).isEmpty();
            harness.until(() -> harness.watermarks().size() == 2);
            List<Object> output = new ArrayList<>(harness.getOutput());
            assertThat(output).hasSize(5);
            assertThat(output.get(1).toString()).contains("100");
            assertThat(output.get(4)).isEqualTo(WatermarkStatus.IDLE);
        }
    }

    @Test
    void lateRecordsAreAnsweredAsWell() throws Exception {
        try (InferenceHarness harness = InferenceHarness.open(
                InferenceHarness.settings().optStateTtl(Duration.ofMillis(50)).build())) {
            harness.watermark(1_000);
            harness.send(1, 1, 10);
            harness.send(1, 2, 5);
            harness.untilAnswered(2);
            assertEachKeyIsAnsweredInOrder(harness.results());
        }
    }

    @Test
    void endOfInputAnswersWhatWaits() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            for (int i = 0; i < 11; i++) {
                harness.send(i % 2, i);
            }
            harness.endOfInput();
            assertThat(harness.results()).hasSize(11);
            assertEachKeyIsAnsweredInOrder(harness.results());
        }
    }

    @Test
    void tenTimesAsManyKeysAsSlotsComeAndGoWithTheirStates() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            for (int round = 0; round < 6; round++) {
                for (int key = 0; key < 80; key++) {
                    harness.send(key, round * 1000L + key);
                }
            }
            harness.untilAnswered(480);
            assertEachKeyIsAnsweredInOrder(harness.results());
        }
    }

    @Test
    void aRestoredOperatorGoesOnAsIfNothingHadHappened() throws Exception {
        OperatorSubtaskState state;
        List<Tuple4<Integer, Long, Double, String>> results = new ArrayList<>();
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            for (int i = 0; i < 200; i++) {
                harness.send(i % 20, i);
            }
            state = harness.checkpoint(1);
            results.addAll(harness.results());
            assertThat(results.size()).as("some records wait at the checkpoint").isLessThan(200);
        }
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build(), ToyModel.reference("1"), 1, 0, state)) {
            for (int i = 200; i < 300; i++) {
                harness.send(i % 20, i);
            }
            int before = results.size();
            harness.until(() -> before + harness.results().size() >= 300);
            results.addAll(harness.results());
        }
        assertThat(results).hasSize(300);
        assertEachKeyIsAnsweredInOrder(results);
    }

    @Test
    void recordsAnsweredSinceAreNotAnsweredAgainByTheNextRestore() throws Exception {
        OperatorSubtaskState second;
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 10);
            harness.checkpoint(1);
            harness.untilAnswered(1);
            second = harness.checkpoint(2);
        }
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build(), ToyModel.reference("1"), 1, 0, second)) {
            harness.send(2, 20);
            harness.untilAnswered(1);
            assertThat(harness.results()).extracting(r -> r.f0).containsExactly(2);
        }
    }

    @Test
    void statesAndWaitingRecordsFollowTheirKeysThroughRescalingOneThreeTwo() throws Exception {
        List<Tuple4<Integer, Long, Double, String>> results = new ArrayList<>();
        OperatorSubtaskState state = run(0, 1, null, 0, results);
        state = run(1, 3, state, 1, results);
        state = run(3, 2, state, 2, results);
        run(2, 1, state, 3, results);
        assertThat(results).hasSize(4 * 90);
        assertEachKeyIsAnsweredInOrder(results);
    }

    /** Sends 90 records over 30 keys; answers all in the last of four rounds, leaves some waiting before. */
    private OperatorSubtaskState run(
            int parallelismBefore,
            int parallelism,
            OperatorSubtaskState state,
            int round,
            List<Tuple4<Integer, Long, Double, String>> results)
            throws Exception {
        OperatorSubtaskState[] parts = new OperatorSubtaskState[parallelism];
        for (int index = 0; index < parallelism; index++) {
            OperatorSubtaskState part = state == null
                    ? null
                    : AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, InferenceHarness.MAX_PARALLELISM, parallelismBefore, parallelism, index);
            try (InferenceHarness harness = InferenceHarness.open(
                    InferenceHarness.settings().build(), ToyModel.reference("1"), parallelism, index, part)) {
                for (int i = 0; i < 90; i++) {
                    int key = i % 30;
                    int owner = org.apache.flink.runtime.state.KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            key, InferenceHarness.MAX_PARALLELISM, parallelism);
                    if (owner == index) {
                        harness.send(key, round * 100L + i);
                    }
                }
                if (round == 3) {
                    harness.endOfInput();
                }
                parts[index] = harness.checkpoint(round + 1);
                results.addAll(harness.results());
            }
        }
        return AbstractStreamOperatorTestHarness.repackageState(parts);
    }

    @Test
    void poisonIsIsolatedAndTheRestOfTheBatchIsAnswered() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 11);
            harness.send(2, ToyModel.POISON);
            harness.send(3, 33);
            harness.send(4, ToyMapping.UNFIT);
            harness.send(2, 22);
            harness.send(4, 44);
            harness.untilAnswered(6);
            assertThat(harness.results()).extracting(r -> r.f1).containsExactlyInAnyOrder(11L, 33L, 22L, 44L);
            assertEachKeyIsAnsweredInOrder(harness.results());
            assertThat(harness.deadLetters())
                    .extracting(DeadLetter::getReason)
                    .containsExactlyInAnyOrder(DeadLetterReason.MODEL_FAILURE, DeadLetterReason.INVALID_RECORD);
            assertThat(harness.deadLetters())
                    .anySatisfy(letter -> assertThat(letter.getMessage()).contains("poison in the batch"));
        }
    }

    @Test
    void aNonFiniteOutputIsADeadLetterAndLeavesNoTraceInTheState() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 11);
            harness.send(2, 21);
            harness.untilAnswered(2);
            harness.send(1, ToyModel.NOT_A_NUMBER);
            harness.send(2, 22);
            harness.send(1, 12);
            harness.untilAnswered(5);
            assertThat(harness.deadLetters())
                    .singleElement()
                    .extracting(DeadLetter::getReason)
                    .isEqualTo(DeadLetterReason.NON_FINITE_OUTPUT);
            assertEachKeyIsAnsweredInOrder(harness.results());
        }
    }

    @Test
    void aDeviceOutOfMemoryGetsSmallerBatchesAndEveryRecordIsAnswered() throws Exception {
        var settings = InferenceHarness.settings()
                .optMaxBatch(32)
                .optCapacity(64)
                .optSlots(64)
                .build();
        try (InferenceHarness harness =
                InferenceHarness.open(settings, new ModelReference("toy", "1", "small-device", ""), 1, 0, null)) {
            for (int i = 0; i < 400; i++) {
                harness.send(i % 40, i);
            }
            harness.untilAnswered(400);
            assertThat(harness.deadLetters()).isEmpty();
            assertEachKeyIsAnsweredInOrder(harness.results());
        }
    }

    @Test
    void aNewVersionTakesOverWithFreshStatesUnderReset() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 10);
            harness.untilAnswered(1);
            harness.release("r1", "2", CachePolicy.RESET);
            sendUntilVersion(harness, "2");
            assertEachVersionStartsAnew(harness.results());
        }
    }

    private void sendUntilVersion(InferenceHarness harness, String version) throws Exception {
        for (int i = 0; i < 2_000; i++) {
            harness.send(1, 100 + i);
            int sent = i + 2;
            harness.untilAnswered(sent);
            if (harness.results().get(sent - 1).f3.equals(version)) {
                return;
            }
            Thread.sleep(1);
        }
        throw new AssertionError("version " + version + " never served");
    }

    private void assertEachVersionStartsAnew(List<Tuple4<Integer, Long, Double, String>> results) {
        Map<String, ToyModel.Reference> fresh = new HashMap<>();
        for (Tuple4<Integer, Long, Double, String> result : results) {
            double output = fresh.computeIfAbsent(result.f0 + "@" + result.f3, k -> new ToyModel.Reference())
                    .next(result.f1, result.f3);
            assertThat(result.f2).as("output for %s", result).isEqualTo(output);
        }
    }

    @Test
    void aNewVersionGoesOnWithTheStatesUnderMigrate() throws Exception {
        OperatorSubtaskState state;
        List<Tuple4<Integer, Long, Double, String>> results = new ArrayList<>();
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 10);
            harness.untilAnswered(1);
            harness.release("r1", "2", CachePolicy.MIGRATE);
            sendUntilVersion(harness, "2");
            state = harness.checkpoint(1);
            results.addAll(harness.results());
        }
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build(), ToyModel.reference("1"), 1, 0, state)) {
            harness.send(1, 77);
            harness.untilAnswered(1);
            assertThat(harness.results())
                    .extracting(r -> r.f3)
                    .as("serves after a restore")
                    .containsExactly("2");
            results.addAll(harness.results());
        }
        assertEachKeyIsAnsweredInOrder(results);
    }

    @Test
    void underDrainAKnownKeyFinishesOnTheOldVersionAndANewKeyStartsOnTheNewOne() throws Exception {
        var settings =
                InferenceHarness.settings().optStateTtl(Duration.ofSeconds(10)).build();
        OperatorSubtaskState state;
        try (InferenceHarness harness = InferenceHarness.open(settings)) {
            harness.send(1, 10, 1_000);
            harness.untilAnswered(1);
            harness.watermark(1_000);
            harness.release("r1", "2", CachePolicy.DRAIN);
            harness.until(() -> {
                try {
                    harness.send(100 + harness.results().size(), 1, 1_000);
                    harness.runMails();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return harness.results().stream().anyMatch(r -> r.f3.equals("2"));
            });
            harness.send(1, 11, 1_001);
            harness.until(() -> harness.results().stream().anyMatch(r -> r.f1 == 11));
            assertThat(last(harness, 1).f3).isEqualTo("1");
            state = harness.checkpoint(1);
        }
        try (InferenceHarness harness = InferenceHarness.open(settings, ToyModel.reference("1"), 1, 0, state)) {
            harness.send(1, 12, 1_002);
            harness.send(999, 5, 1_002);
            harness.until(() -> last(harness, 1) != null && last(harness, 999) != null);
            assertThat(last(harness, 1).f3).as("old key after a restore").isEqualTo("1");
            assertThat(last(harness, 1).f2).isEqualTo(outputOf(10, 11, 12));
            assertThat(last(harness, 999).f3).isEqualTo("2");
            harness.watermark(60_000);
            harness.send(1, 13, 60_001);
            harness.until(() -> last(harness, 1).f1 == 13);
            assertThat(last(harness, 1).f3).as("once its state has expired").isEqualTo("2");
        }
    }

    private static double outputOf(long... values) {
        ToyModel.Reference reference = new ToyModel.Reference();
        double output = 0;
        for (long value : values) {
            output = reference.next(value, "1");
        }
        return output;
    }

    private static Tuple4<Integer, Long, Double, String> last(InferenceHarness harness, int key) {
        return harness.results().stream()
                .filter(r -> r.f0 == key)
                .reduce((a, b) -> b)
                .orElse(null);
    }

    @Test
    void aVersionThatDoesNotLoadChangesNothing() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 10);
            harness.untilAnswered(1);
            harness.release("r1", "broken", CachePolicy.RESET);
            harness.release("r2", "1", CachePolicy.UNKNOWN);
            for (int i = 0; i < 50; i++) {
                harness.send(1, i);
                harness.untilAnswered(i + 2);
            }
            assertThat(harness.results()).extracting(r -> r.f3).containsOnly("1");
            assertEachKeyIsAnsweredInOrder(harness.results());
        }
    }

    @Test
    void theStateOfAnIdleKeyExpiresAndThatOfABusyOneDoesNot() throws Exception {
        var settings =
                InferenceHarness.settings().optStateTtl(Duration.ofMillis(100)).build();
        try (InferenceHarness harness = InferenceHarness.open(settings)) {
            harness.send(1, 1, 0);
            harness.send(2, 2, 0);
            harness.untilAnswered(2);
            harness.send(2, 3, 90);
            harness.untilAnswered(3);
            harness.watermark(150);
            harness.send(1, 4, 151);
            harness.send(2, 5, 151);
            harness.untilAnswered(5);
            assertThat(last(harness, 1).f2).as("starts anew").isEqualTo(outputOf(4));
            assertThat(last(harness, 2).f2).as("goes on").isEqualTo(outputOf(2, 3, 5));
            assertThat(harness.numEventTimeTimers()).isEqualTo(2);
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedByName() {
        assertThatThrownBy(() -> InferenceHarness.settings().optSlots(7).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slots must hold every batch of the pipeline");
        assertThatThrownBy(() -> InferenceHarness.settings().optDevice("tpu").build())
                .hasMessageContaining("device must be auto, cpu or gpu:N, got tpu");
    }
}
