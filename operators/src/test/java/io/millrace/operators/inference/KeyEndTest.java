package io.millrace.operators.inference;

import java.time.Duration;
import java.util.List;

import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyEndTest {

    private static final int KEY = 5;
    private static final int OTHER = 6;

    @AfterEach
    void everyModelIsClosed() {
        assertThat(ToyModel.OPEN.get()).as("models left open").isZero();
    }

    private static List<Double> outputs(InferenceHarness harness, int key) {
        return harness.results().stream()
                .filter(result -> result.f0 == key)
                .map((Tuple4<Integer, Long, Double, String> result) -> result.f2)
                .toList();
    }

    private static double fresh(long value) {
        return new ToyModel.Reference().next(value, "1");
    }

    @Test
    void theEndIsAnsweredInItsTurnAndTheKeyBeginsAnew() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(KEY, 1);
            harness.send(OTHER, 1);
            harness.send(KEY, 2);
            harness.send(KEY, ToyMapping.END);
            harness.send(KEY, 1);
            harness.send(OTHER, 2);
            harness.untilAnswered(6);
            ToyModel.Reference reference = new ToyModel.Reference();
            double first = reference.next(1, "1");
            double second = reference.next(2, "1");
            assertThat(outputs(harness, KEY)).containsExactly(first, second, ToyMapping.NONE, first);
            assertThat(outputs(harness, OTHER)).containsExactly(first, second);
        }
    }

    @Test
    void anEndedKeyLeavesNothingInACheckpoint() throws Exception {
        OperatorSubtaskState untouched;
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            untouched = harness.checkpoint(1);
        }
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(KEY, 1);
            harness.untilAnswered(1);
            assertThat(harness.checkpoint(1).getStateSize()).isGreaterThan(untouched.getStateSize());
            harness.send(KEY, ToyMapping.END);
            harness.untilAnswered(2);
            assertThat(harness.checkpoint(2).getStateSize()).isEqualTo(untouched.getStateSize());
        }
    }

    @Test
    void aKeyThatEndedOutsideTheArenaBeginsAnewToo() throws Exception {
        var settings = InferenceHarness.settings()
                .optMaxBatch(1)
                .optPipelineDepth(1)
                .optSlots(1)
                .build();
        try (InferenceHarness harness = InferenceHarness.open(settings)) {
            harness.send(KEY, 1);
            harness.send(OTHER, 1);
            harness.untilAnswered(2);
            harness.send(KEY, ToyMapping.END);
            harness.send(KEY, 7);
            harness.untilAnswered(4);
            assertThat(outputs(harness, KEY)).endsWith(ToyMapping.NONE, fresh(7));
        }
    }

    @Test
    void anEndThatWaitsAtACheckpointIsAnsweredAfterIt() throws Exception {
        var settings =
                InferenceHarness.settings().optMaxWait(Duration.ofSeconds(10)).build();
        OperatorSubtaskState state;
        try (InferenceHarness harness = InferenceHarness.open(settings)) {
            harness.send(KEY, 1);
            harness.send(KEY, ToyMapping.END);
            harness.send(KEY, 9);
            state = harness.checkpoint(1);
            assertThat(harness.results()).as("before the batch is due").isEmpty();
        }
        try (InferenceHarness harness = InferenceHarness.open(settings, ToyModel.reference("1"), 1, 0, state)) {
            harness.endOfInput();
            assertThat(outputs(harness, KEY)).containsExactly(fresh(1), ToyMapping.NONE, fresh(9));
        }
    }
}
