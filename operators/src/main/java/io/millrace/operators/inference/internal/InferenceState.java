package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;

/**
 * What an inference operator keeps in Flink: per key the durable copies of the model's states by generation and the records
 * not answered yet, and per subtask the models that serve and the order under way.
 *
 * @param <K> key type
 * @param <IN> record type
 */
public final class InferenceState<K, IN> {

    /** Receives a restored record. */
    @FunctionalInterface
    public interface PendingVisitor<K, IN> {
        void visit(K key, IN record, long timestamp) throws Exception;
    }

    private final AbstractStreamOperator<?> operator;
    private final MapState<CachePosition, CacheEntry> cache;
    private final ListState<Tuple2<Long, IN>> pending;
    private final ListStateDescriptor<Tuple2<Long, IN>> pendingDescriptor;
    private final ListState<ServingSnapshot> serving;
    private final Set<K> keysWithSavedRecords = new HashSet<>();

    @SuppressWarnings({"unchecked", "rawtypes"})
    public InferenceState(
            AbstractStreamOperator<?> operator, TypeSerializer<IN> recordSerializer, StateInitializationContext context)
            throws Exception {
        this.operator = operator;
        cache = context.getKeyedStateStore()
                .getMapState(new MapStateDescriptor<>(
                        "model-states", CachePositionSerializer.INSTANCE, CacheEntrySerializer.INSTANCE));
        pendingDescriptor = new ListStateDescriptor<>(
                "unanswered-records",
                new TupleSerializer<>(
                        (Class<Tuple2<Long, IN>>) (Class) Tuple2.class,
                        new TypeSerializer<?>[] {LongSerializer.INSTANCE, recordSerializer}));
        pending = context.getKeyedStateStore().getListState(pendingDescriptor);
        serving = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("serving-models", ServingSnapshotSerializer.INSTANCE));
    }

    /** Durable model states of the current key, the newest generation first. */
    List<StoredState> readCache() {
        try {
            return StoredState.of(cache.entries());
        } catch (Exception failure) {
            throw new IllegalStateException("model state cannot be read", failure);
        }
    }

    /** Writes an entry of the current key. */
    void writeCache(CachePosition position, CacheEntry entry) {
        try {
            cache.put(position, entry);
        } catch (Exception failure) {
            throw new IllegalStateException("model state cannot be written", failure);
        }
    }

    /** Drops the durable model states of the current key. */
    void clearCache() {
        cache.clear();
    }

    /**
     * Writes the records that wait, of keys whose records are others than at the last checkpoint, and clears the keys that
     * waited then and no longer do.
     */
    public void savePending(BatchScheduler<K, IN> scheduler) throws Exception {
        scheduler.forEachChangedKey((key, records) -> {
            keysWithSavedRecords.add(key);
            List<Tuple2<Long, IN>> saved = new ArrayList<>(records.size());
            records.forEach(record -> saved.add(Tuple2.of(record.timestamp(), record.value())));
            operator.setCurrentKey(key);
            try {
                pending.update(saved);
            } catch (Exception failure) {
                throw new IllegalStateException("waiting records cannot be written", failure);
            }
        });
        keysWithSavedRecords.removeIf(key -> {
            if (scheduler.holds(key)) {
                return false;
            }
            operator.setCurrentKey(key);
            pending.clear();
            return true;
        });
    }

    /** Visits the records that waited at the checkpoint, in order per key. */
    public void restorePending(PendingVisitor<K, IN> visitor) throws Exception {
        operator.<K>getKeyedStateBackend()
                .applyToAllKeys(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, pendingDescriptor, (key, state) -> {
                            boolean any = false;
                            for (Tuple2<Long, IN> saved : state.get()) {
                                visitor.visit(key, saved.f1, saved.f0);
                                any = true;
                            }
                            if (any) {
                                keysWithSavedRecords.add(key);
                            }
                        });
    }

    /** Writes what serves. */
    public void saveServing(ServingSnapshot snapshot) throws Exception {
        serving.update(List.of(snapshot));
    }

    /** What every subtask kept; empty on a fresh start. */
    public List<ServingSnapshot> savedServing() throws Exception {
        List<ServingSnapshot> saved = new ArrayList<>();
        serving.get().forEach(saved::add);
        return saved;
    }
}
