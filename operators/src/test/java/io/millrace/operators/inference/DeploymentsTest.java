package io.millrace.operators.inference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.operators.inference.internal.Batch;
import io.millrace.operators.inference.internal.CacheEntry;
import io.millrace.operators.inference.internal.CacheStore;
import io.millrace.operators.inference.internal.Deployment;
import io.millrace.operators.inference.internal.Deployments;
import io.millrace.operators.inference.internal.PendingRecord;
import io.millrace.operators.inference.internal.StoredState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Writing states ahead of a checkpoint, and what is left for the checkpoint then. */
class DeploymentsTest {

    private static final int SLOTS = 4;

    private final MapStore store = new MapStore();
    private Deployments<String, Long, Long, Double> deployments = deployments();

    private Deployments<String, Long, Long, Double> deployments() {
        ModelReference reference = ToyModel.reference("1");
        return new Deployments<>(new Deployment<>(reference, ToyModel.load(reference, null), SLOTS), SLOTS, 0, store);
    }

    @AfterEach
    void close() {
        deployments.close();
    }

    private Batch<String, Long, Long, Double> send(String... keys) {
        List<PendingRecord<String, Long>> records = new ArrayList<>();
        List<Long> inputs = new ArrayList<>();
        for (String key : keys) {
            records.add(new PendingRecord<>(key, 5L, 0, null, 0));
            inputs.add(5L);
        }
        return deployments.assemble(records, inputs, 0).get(0);
    }

    private List<Double> answer(String... keys) {
        Batch<String, Long, Long, Double> batch = send(keys);
        Batch.Completion<Double> completion = batch.run();
        deployments.complete(batch, completion);
        return completion.outcomes().stream().map(outcome -> outcome.output()).toList();
    }

    @Test
    void whatIsWrittenAheadIsNotWrittenAgainUnlessItChanges() {
        answer("a", "b", "c");
        assertThat(deployments.dirty()).isEqualTo(3);
        deployments.beginWriteAhead();
        answer("c");
        assertThat(deployments.writeAhead(Runnable::run)).isEqualTo(3);
        assertThat(deployments.writeAhead(Runnable::run)).isZero();
        assertThat(store.writes).isEqualTo(3);
        answer("b");
        assertThat(deployments.writeBack(Runnable::run)).isEqualTo(1);
        List<Double> goOn = answer("a", "b", "c");

        deployments.close();
        deployments = deployments();
        assertThat(answer("a", "b", "c")).isEqualTo(goOn);
    }

    @Test
    void aKeyInFlightIsLeftForTheCheckpoint() {
        answer("a", "b");
        deployments.beginWriteAhead();
        Batch<String, Long, Long, Double> flying = send("a");
        assertThat(deployments.writeAhead(Runnable::run)).isEqualTo(1);
        assertThat(store.copies).containsOnlyKeys("b");
        deployments.complete(flying, flying.run());
        assertThat(deployments.writeBack(Runnable::run)).isEqualTo(1);
        assertThat(store.copies).containsOnlyKeys("a", "b");
    }

    @Test
    void aKeyWhoseSlotWasTakenIsNotWrittenFromIt() {
        answer("a");
        deployments.beginWriteAhead();
        answer("b", "c", "d", "e");
        assertThat(store.copies).containsOnlyKeys("a");
        assertThat(deployments.writeAhead(Runnable::run)).isZero();
        assertThat(store.writes).isEqualTo(1);
    }

    @Test
    void aSwapEndsTheWritingOfWhatWasListedBefore() {
        answer("a");
        deployments.beginWriteAhead();
        deployments.swap(ToyModel.reference("2"), ToyModel.load(ToyModel.reference("2"), null), CachePolicy.RESET);
        assertThat(deployments.writeAhead(Runnable::run)).isZero();
        assertThat(store.copies).isEmpty();
    }

    private static final class MapStore implements CacheStore<String> {
        private final Map<String, List<CacheEntry>> copies = new HashMap<>();
        private int writes;

        @Override
        public StoredState read(String key) {
            return StoredState.of(copies.get(key));
        }

        @Override
        public void write(String key, CacheEntry entry) {
            List<CacheEntry> entries = copies.computeIfAbsent(key, ignored -> new ArrayList<>());
            if (entry.whole()) {
                entries.clear();
            }
            entries.add(entry);
            writes++;
        }

        @Override
        public void clear(String key) {
            copies.remove(key);
        }

        @Override
        public void started(String key, long timestamp) {
            // Nothing expires here.
        }
    }
}
