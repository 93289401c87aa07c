package io.millrace.operators.inference;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Behind the savepoint that ends a job nothing may leave: it would leave again when the job goes on. */
class StopWithSavepointTest {

    @Test
    void whatWaitsAtTheSavepointThatEndsTheJobIsAnsweredByTheNextJobAlone() throws Exception {
        OperatorSubtaskState state;
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 10);
            harness.prepareSnapshotPreBarrier(1);
            state = harness.snapshotWithLocalState(1, 1, SavepointType.suspend(SavepointFormatType.CANONICAL))
                    .getJobManagerOwnedState();
            for (int i = 0; i < 20; i++) {
                harness.passTime(100);
                harness.runMails();
            }
            assertThat(harness.results()).as("behind the savepoint").isEmpty();
            harness.getOperator().notifyCheckpointAborted(1);
            harness.untilAnswered(1);
        }
        try (InferenceHarness next =
                InferenceHarness.open(InferenceHarness.settings().build(), ToyModel.reference("1"), 1, 0, state)) {
            next.untilAnswered(1);
            assertThat(next.results()).extracting(r -> r.f1).containsExactly(10L);
        }
    }
}
