package io.millrace.operators.inference;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.operators.OperatorModes;
import org.apache.flink.api.java.tuple.Tuple2;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The inference operator restored after every few elements, crashed, and rescaled: each key is answered the same. */
class InferenceModesTest {

    /** A capacity of one record, batches of one; fewer slots than keys; a time to live that passes on the way. */
    @ParameterizedTest
    @CsvSource({"1, 1, 2, 0", "4, 16, 8, 0", "4, 16, 8, 30"})
    void everyModeGivesTheSameAnswers(int batch, int capacity, int slots, long ttl) throws Exception {
        InferenceSettings settings = InferenceHarness.settings()
                .optMaxBatch(batch)
                .optCapacity(capacity)
                .optSlots(slots)
                .optStateTtl(Duration.ofMillis(ttl))
                .build();
        OperatorModes<Tuple2<Integer, Long>> modes = new OperatorModes<>((parallelism, index, state) ->
                InferenceHarness.open(settings, ToyModel.reference("1"), parallelism, index, state));
        for (int i = 0; i < 44; i++) {
            int key = i * 7 % 11;
            long value =
                    switch (i) {
                        case 9 -> ToyModel.POISON;
                        case 17 -> ToyMapping.END;
                        case 23 -> ToyMapping.NO_RESULT;
                        default -> i;
                    };
            modes.record(key, Tuple2.of(key, value), i);
            if (i % 10 == 5) {
                modes.watermark(i - 2);
            }
        }
        Map<String, List<String>> answers = modes.answers();
        assertThat(answers.keySet()).filteredOn(key -> key.startsWith("letter")).hasSize(2);
        assertThat(answers.values().stream().mapToInt(List::size).sum()).isEqualTo(44);
    }
}
