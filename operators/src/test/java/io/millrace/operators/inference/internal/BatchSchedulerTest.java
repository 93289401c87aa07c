package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BatchSchedulerTest {

    private final BatchScheduler<String, Integer> scheduler =
            new BatchScheduler<>(3, 100, new BatchScheduler.Capacity(6, 1000), false);
    private final WatermarkGate gate = new WatermarkGate();

    private void offer(String key, int value, long now) {
        scheduler.offer(record(key, value, now, 0));
    }

    private PendingRecord<String, Integer> record(String key, int value, long now, long bytes) {
        return new PendingRecord<>(key, value, 0, gate.enter(), now, bytes);
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
        List<String> seen = new ArrayList<>();
        scheduler.forEachChangedKey((key, records) ->
                seen.add(key + records.stream().map(PendingRecord::value).toList()));
        assertThat(seen).containsExactly("a[1, 2]");
    }

    @Test
    void doesNotShowAgainWhatWaitsAsItDid() {
        offer("a", 1, 0);
        offer("b", 2, 0);
        scheduler.forEachChangedKey((key, records) -> {});
        offer("b", 3, 0);
        List<String> seen = new ArrayList<>();
        scheduler.forEachChangedKey((key, records) -> seen.add(key));
        assertThat(seen).containsExactly("b");
    }

    @Test
    void isFullByTheBytesOfItsRecordsButHoldsOneHoweverLarge() {
        BatchScheduler<String, Integer> small =
                new BatchScheduler<>(3, 100, new BatchScheduler.Capacity(6, 1000), false);
        assertThat(small.isFull()).isFalse();
        small.offer(record("a", 1, 0, 5000));
        assertThat(small.isFull()).isTrue();
        assertThat(small.isDue(1, 3)).as("no company can come").isTrue();
        small.take(1, key -> true);
        small.complete("a");
        assertThat(small.bytes()).isZero();
        assertThat(small.isFull()).isFalse();
    }

    @Test
    void aRecordIsReadyOncePreparedAndOnlyAtTheHeadOfItsKey() {
        BatchScheduler<String, Integer> preparing =
                new BatchScheduler<>(3, 100, new BatchScheduler.Capacity(6, 1000), true);
        PendingRecord<String, Integer> first = record("a", 1, 0, 0);
        PendingRecord<String, Integer> second = record("a", 2, 0, 0);
        preparing.offer(first);
        preparing.offer(second);
        second.prepared(new PendingRecord.Input<>(2));
        preparing.prepared(second);
        assertThat(preparing.readyKeys()).isZero();
        first.prepared(new PendingRecord.Input<>(1));
        preparing.prepared(first);
        assertThat(preparing.take(3, key -> true)).containsExactly(first);
        preparing.complete("a");
        assertThat(preparing.take(3, key -> true)).containsExactly(second);
    }

    @Test
    void recordsGivenBackAreTheNextToGo() {
        offer("a", 1, 0);
        offer("a", 4, 0);
        offer("b", 2, 0);
        offer("c", 3, 0);
        List<PendingRecord<String, Integer>> taken = scheduler.take(2, key -> true);
        scheduler.giveBack(taken);
        assertThat(take()).containsExactly(1, 2, 3);
        assertThat(scheduler.size()).isEqualTo(4);
    }

    @Test
    void refusesToCompleteWhatIsNotInFlight() {
        offer("a", 1, 0);
        assertThatThrownBy(() -> scheduler.complete("a")).isInstanceOf(IllegalStateException.class);
    }
}
