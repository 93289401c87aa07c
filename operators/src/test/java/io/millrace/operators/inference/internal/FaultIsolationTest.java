package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.millrace.operators.inference.arena.PartialCommitException;
import io.millrace.schemas.DeadLetterReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FaultIsolationTest {

    private static final Runnable BROKEN = () -> {
        throw new IllegalStateException("the device is gone");
    };

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
                        (indices, attempt, keep) -> step(Set.of(poison), Set.of(infinite), indices, keep),
                        Double::isFinite,
                        () -> {});
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
        FaultIsolation<Double> isolation = new FaultIsolation<>(
                (indices, attempt, keep) -> step(Set.of(), Set.of(), indices, keep), Double::isFinite, BROKEN);
        isolation.run(100);
        assertThat(isolation.calls()).isEqualTo(1);
    }

    @Test
    void aModelThatGivesTooFewOutputsIsAFailure() {
        FaultIsolation<Double> isolation =
                new FaultIsolation<>((indices, attempt, keep) -> List.of(), Double::isFinite, () -> {});
        assertThat(isolation.run(2)).allSatisfy(o -> assertThat(o.message()).contains("0 outputs for 1 inputs"));
    }

    @Test
    void tellsOutOfMemoryFromOtherFailures() {
        FaultIsolation<Double> isolation = new FaultIsolation<>(
                (indices, attempt, keep) -> {
                    if (indices.length > 3) {
                        throw new IllegalStateException(new RuntimeException("CUDA out of memory"));
                    }
                    return step(Set.of(), Set.of(), indices, keep);
                },
                Double::isFinite,
                BROKEN);
        assertThat(isolation.run(16)).allMatch(FaultIsolation.Outcome::succeeded);
        assertThat(isolation.outOfMemoryAt()).isEqualTo(4);
    }

    @Test
    void noRecordIsToBlameForADeviceThatAnswersNothing() {
        for (int size : new int[] {1, 2, 7}) {
            FaultIsolation<Double> isolation = new FaultIsolation<>(
                    (indices, attempt, keep) -> {
                        throw new IllegalStateException("CUDA error: device-side assert triggered");
                    },
                    Double::isFinite,
                    BROKEN);
            assertThatThrownBy(() -> isolation.run(size))
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessageContaining("device is gone");
        }
    }

    /** The device dies after so many steps: what was answered before does not speak for it. */
    @Test
    void noRecordIsToBlameForADeviceThatDiesHalfWay() {
        for (int steps = 1; steps < 8; steps++) {
            int last = steps;
            int[] done = {0};
            FaultIsolation<Double> isolation = new FaultIsolation<>(
                    (indices, attempt, keep) -> {
                        if (done[0]++ >= last) {
                            throw new IllegalStateException("CUDA error");
                        }
                        return step(Set.of(3), Set.of(), indices, keep);
                    },
                    Double::isFinite,
                    () -> {
                        if (done[0] >= last) {
                            throw new IllegalStateException("the device is gone");
                        }
                    });
            assertThatThrownBy(() -> isolation.run(8)).isInstanceOf(DeviceFailureException.class);
        }
    }

    @Test
    void aPassingFaultIsNoRecordsFault() {
        int[] faults = {3};
        FaultIsolation<Double> isolation = new FaultIsolation<>(
                (indices, attempt, keep) -> {
                    if (faults[0]-- > 0) {
                        throw new IllegalStateException("CUDA error: launch timed out");
                    }
                    return step(Set.of(), Set.of(), indices, keep);
                },
                Double::isFinite,
                () -> {});
        assertThat(isolation.run(4)).allMatch(FaultIsolation.Outcome::succeeded);
        assertThat(kept).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aModelThatGivesNothingButNotANumberIsTried() {
        FaultIsolation<Double> isolation = new FaultIsolation<>(
                (indices, attempt, keep) -> step(Set.of(), Set.of(0, 1, 2), indices, keep), Double::isFinite, BROKEN);
        assertThatThrownBy(() -> isolation.run(3)).isInstanceOf(DeviceFailureException.class);
    }

    @Test
    void noRecordIsToBlameWhereMemoryIsShortForEveryOne() {
        FaultIsolation<Double> isolation = new FaultIsolation<>(
                (indices, attempt, keep) -> {
                    throw new IllegalStateException("CUDA out of memory");
                },
                Double::isFinite,
                () -> {});
        assertThatThrownBy(() -> isolation.run(4))
                .isInstanceOf(DeviceFailureException.class)
                .hasMessageContaining("no memory");
        assertThat(isolation.outOfMemoryAt()).isEqualTo(1);
    }

    @Test
    void statesWrittenInPartEndTheTask() {
        PartialCommitException partly = new PartialCommitException(new IllegalStateException("no memory"));
        FaultIsolation<Double> isolation = new FaultIsolation<>(
                (indices, attempt, keep) -> {
                    throw partly;
                },
                Double::isFinite,
                () -> {});
        assertThatThrownBy(() -> isolation.run(4)).isSameAs(partly);
        assertThat(isolation.calls()).isEqualTo(1);
    }
}
