package io.millrace.operators.inference;

import java.util.HashMap;
import java.util.Map;

import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Records that are costly to prepare and large while they wait. */
class LargeRecordsTest {

    private static final long MEGABYTE = 1 << 20;

    @Test
    void areHeldBackByTheirBytesAndACheckpointKeepsNoMore() throws Exception {
        InferenceSettings settings = InferenceHarness.settings()
                .optCapacity(1000)
                .optCapacityBytes(6 * MEGABYTE)
                .build();
        ToyMapping large = new ToyMapping(false, MEGABYTE);
        OperatorSubtaskState state;
        int answered;
        try (InferenceHarness harness = InferenceHarness.open(settings, large, null)) {
            for (int i = 0; i < 50; i++) {
                harness.send(3, i);
            }
            state = harness.checkpoint(1);
            answered = harness.results().size();
            assertThat(50 - answered).as("records that wait at the checkpoint").isBetween(1, 6);
        }
        try (InferenceHarness harness = InferenceHarness.open(settings, large, state)) {
            harness.untilAnswered(50 - answered);
            assertThat(harness.results()).extracting(r -> r.f1).isSorted().hasSize(50 - answered);
        }
    }

    @Test
    void arePreparedBesideTheTaskThreadAndAnsweredInOrder() throws Exception {
        ToyMapping.THREADS.clear();
        InferenceSettings settings =
                InferenceHarness.settings().optPreparationThreads(3).build();
        try (InferenceHarness harness = InferenceHarness.open(settings, new ToyMapping(true, 0), null)) {
            for (int i = 0; i < 200; i++) {
                harness.send(i % 9, i % 50 == 7 ? ToyMapping.UNFIT : i);
            }
            harness.untilAnswered(200);
            assertThat(harness.deadLetters()).hasSize(4);
            Map<Integer, ToyModel.Reference> fresh = new HashMap<>();
            for (Tuple4<Integer, Long, Double, String> result : harness.results()) {
                assertThat(result.f2)
                        .as("%s", result)
                        .isEqualTo(fresh.computeIfAbsent(result.f0, key -> new ToyModel.Reference())
                                .next(result.f1, "1"));
            }
        }
        assertThat(ToyMapping.THREADS).isNotEmpty().allMatch(thread -> thread.startsWith("preparation "));
    }
}
