package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.millrace.schemas.DeadLetterReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FaultIsolationTest {

    private final List<Integer> kept = new ArrayList<>();

    private List<Double> step(Set<Integer> poison, Set<Integer> infinite, int[] indices, Predicate<List<Double>> keep) {
        for (int index : indices) {
            if (poison.contains(index)) {
                throw new IllegalArgumentException("cannot take " + index);
            }
        }
        List<Double> outputs = IntStream.of(indices)
                .mapToObj(i -> infinite.contains(i) ? Double.POSITIVE_INFINITY : (double) i)
                .toList();
        if (keep.test(outputs)) {
            IntStream.of(indices).forEach(kept::add);
        }
        return outputs;
    }

    @Test
    void everyGoodRecordIsKeptExactlyOnceWhateverStandsBesideIt() {
        for (int size = 1; size <= 12; size++) {
            for (int bad = 0; bad < size; bad++) {
                kept.clear();
                int poison = bad;
                int infinite = (bad * 5 + 3) % size;
                FaultIsolation<Double> isolation = new FaultIsolation<>(
                        (indices, keep) -> step(Set.of(poison), Set.of(infinite), indices, keep), Double::isFinite);
                List<FaultIsolation.Outcome<Double>> outcomes = isolation.run(size);
                for (int i = 0; i < size; i++) {
                    DeadLetterReason reason = i == poison
                            ? DeadLetterReason.MODEL_FAILURE
                            : i == infinite ? DeadLetterReason.NON_FINITE_OUTPUT : null;
                    assertThat(outcomes.get(i).reason()).isEqualTo(reason);
                    assertThat(outcomes.get(i).succeeded()).isEqualTo(reason == null);
                }
                assertThat(kept)
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, size)
                                .filter(i -> i != poison && i != infinite)
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void aSoundBatchTakesOneCall() {
        FaultIsolation<Double> isolation =
                new FaultIsolation<>((indices, keep) -> step(Set.of(), Set.of(), indices, keep), Double::isFinite);
        isolation.run(100);
        assertThat(isolation.calls()).isEqualTo(1);
    }

    @Test
    void aModelThatGivesTooFewOutputsIsAFailure() {
        FaultIsolation<Double> isolation = new FaultIsolation<>((indices, keep) -> List.of(), Double::isFinite);
        assertThat(isolation.run(2)).allSatisfy(o -> assertThat(o.message()).contains("0 outputs for 1 inputs"));
    }

    @Test
    void tellsOutOfMemoryFromOtherFailures() {
        FaultIsolation<Double> isolation = new FaultIsolation<>(
                (indices, keep) -> {
                    if (indices.length > 3) {
                        throw new IllegalStateException(new RuntimeException("CUDA out of memory"));
                    }
                    return step(Set.of(), Set.of(), indices, keep);
                },
                Double::isFinite);
        assertThat(isolation.run(16)).allMatch(FaultIsolation.Outcome::succeeded);
        assertThat(isolation.outOfMemoryAt()).isEqualTo(4);
    }
}
