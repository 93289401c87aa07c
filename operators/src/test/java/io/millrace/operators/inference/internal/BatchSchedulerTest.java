package io.millrace.operators.inference.internal;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BatchSchedulerTest {

    private final BatchScheduler<String, Integer> scheduler = new BatchScheduler<>(3, 100, 6);
    private final WatermarkGate gate = new WatermarkGate();

    private void offer(String key, int value, long now) {
        scheduler.offer(new PendingRecord<>(key, value, 0, gate.enter(), now));
    }

    private List<Integer> take() {
        return scheduler.take(3, key -> true).stream().map(PendingRecord::value).toList();
    }

    @Test
    void isDueBySizeOrByAge() {
        offer("a", 1, 0);
        offer("b", 2, 50);
        assertThat(scheduler.isDue(99, 3)).isFalse();
        assertThat(scheduler.nextDueNanos()).hasValue(100);
        assertThat(scheduler.isDue(100, 3)).isTrue();
        offer("c", 3, 60);
        assertThat(scheduler.isDue(61, 3)).isTrue();
        assertThat(scheduler.isDue(61, 2)).as("a smaller limit in force").isTrue();
    }

    @Test
    void takesOneRecordAKeyAndKeepsTheOthersInOrder() {
        offer("a", 1, 0);
        offer("a", 2, 0);
        offer("b", 3, 0);
        assertThat(take()).containsExactly(1, 3);
        assertThat(take()).isEmpty();
        scheduler.complete("a");
        assertThat(take()).containsExactly(2);
        scheduler.complete("b");
        scheduler.complete("a");
        assertThat(scheduler.size()).isZero();
        assertThat(scheduler.holds("a")).isFalse();
    }

    @Test
    void isFullAtItsCapacityAndDueThenEvenForOneKey() {
        for (int i = 0; i < 6; i++) {
            offer("a", i, 0);
        }
        assertThat(scheduler.isFull()).isTrue();
        assertThat(scheduler.isDue(1, 3)).isTrue();
    }

    @Test
    void passesOverKeysThatCannotGoAndKeepsTheirPlace() {
        offer("a", 1, 0);
        offer("b", 2, 0);
        offer("c", 3, 0);
        assertThat(scheduler.take(3, key -> key.equals("c"))).hasSize(1);
        assertThat(take()).containsExactly(1, 2);
    }

    @Test
    void showsEveryRecordThatIsNotAnswered() {
        offer("a", 1, 0);
        offer("a", 2, 0);
        take();
        scheduler.forEachKey((key, records) -> {
            assertThat(key).isEqualTo("a");
            assertThat(records).extracting(PendingRecord::value).containsExactly(1, 2);
        });
    }

    @Test
    void refusesToCompleteWhatIsNotInFlight() {
        offer("a", 1, 0);
        assertThatThrownBy(() -> scheduler.complete("a")).isInstanceOf(IllegalStateException.class);
    }
}
