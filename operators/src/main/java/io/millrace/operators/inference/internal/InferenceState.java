package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.millrace.operators.inference.ModelReference;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.types.Row;

/**
 * What an inference operator keeps in Flink: per key the durable copy of the model state and the records not answered
 * yet, and per subtask the versions that serve.
 *
 * @param <K> key type
 * @param <IN> record type
 */
public final class InferenceState<K, IN> {

    /** A version as it was serving at the checkpoint; {@code drainDeadline} is {@link #CURRENT} for the current one. */
    public record SavedDeployment(
            ModelReference model, String releaseId, long drainDeadline, List<String> acceptedVersions) {
        public boolean isCurrent() {
            return drainDeadline == CURRENT;
        }
    }

    /** Receives a restored record. */
    @FunctionalInterface
    public interface PendingVisitor<K, IN> {
        void visit(K key, IN record, long timestamp);
    }

    private static final long CURRENT = Long.MIN_VALUE;
    private static final TypeInformation<Row> DEPLOYMENT = Types.ROW_NAMED(
            new String[] {"name", "version", "location", "sha256", "release", "deadline", "accepted"},
            Types.STRING,
            Types.STRING,
            Types.STRING,
            Types.STRING,
            Types.STRING,
            Types.LONG,
            Types.OBJECT_ARRAY(Types.STRING));

    private final AbstractStreamOperator<?> operator;
    private final ListState<CacheEntry> cache;
    private final ListState<Tuple2<Long, IN>> pending;
    private final ListStateDescriptor<Tuple2<Long, IN>> pendingDescriptor;
    private final ListState<Row> deployments;
    private final Set<K> keysWithSavedRecords = new HashSet<>();

    @SuppressWarnings({"unchecked", "rawtypes"})
    public InferenceState(
            AbstractStreamOperator<?> operator, TypeSerializer<IN> recordSerializer, StateInitializationContext context)
            throws Exception {
        this.operator = operator;
        cache = context.getKeyedStateStore()
                .getListState(new ListStateDescriptor<>("model-state", CacheEntrySerializer.INSTANCE));
        pendingDescriptor = new ListStateDescriptor<>(
                "unanswered-records",
                new TupleSerializer<>(
                        (Class<Tuple2<Long, IN>>) (Class) Tuple2.class,
                        new TypeSerializer<?>[] {LongSerializer.INSTANCE, recordSerializer}));
        pending = context.getKeyedStateStore().getListState(pendingDescriptor);
        deployments = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("model-versions", DEPLOYMENT));
    }

    /** Durable model state of the current key; null where there is none. */
    public StoredState readCache() {
        try {
            return StoredState.of(cache.get());
        } catch (Exception failure) {
            throw new IllegalStateException("model state cannot be read", failure);
        }
    }

    /** Replaces the durable model state of the current key, or adds a change to it. */
    public void writeCache(CacheEntry entry) {
        try {
            if (entry.whole()) {
                cache.update(List.of(entry));
            } else {
                cache.add(entry);
            }
        } catch (Exception failure) {
            throw new IllegalStateException("model state cannot be written", failure);
        }
    }

    /** Drops the durable model state of the current key. */
    public void clearCache() {
        cache.clear();
    }

    /** Writes the records that wait, and clears the keys that waited at the last checkpoint and no longer do. */
    public void savePending(BatchScheduler<K, IN> scheduler) throws Exception {
        Set<K> emptied = new HashSet<>(keysWithSavedRecords);
        keysWithSavedRecords.clear();
        scheduler.forEachKey((key, records) -> {
            emptied.remove(key);
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
        for (K key : emptied) {
            operator.setCurrentKey(key);
            pending.clear();
        }
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

    /** Writes the versions that serve. */
    public void saveDeployments(Deployments<K, IN, ?, ?> serving, String releaseId) throws Exception {
        List<Row> rows = new ArrayList<>();
        rows.add(row(serving.current(), releaseId, CURRENT));
        for (Map.Entry<? extends Deployment<K, ?, ?>, Long> old :
                serving.draining().entrySet()) {
            rows.add(row(old.getKey(), "", old.getValue()));
        }
        deployments.update(rows);
    }

    private static Row row(Deployment<?, ?, ?> deployment, String releaseId, long deadline) {
        ModelReference model = deployment.reference();
        return Row.of(
                model.name(),
                model.version(),
                model.location(),
                model.sha256(),
                releaseId,
                deadline,
                deployment.acceptedVersions().toArray(String[]::new));
    }

    /** The versions that served at the checkpoint, each once; empty on a fresh start. */
    public List<SavedDeployment> savedDeployments() throws Exception {
        List<SavedDeployment> saved = new ArrayList<>();
        Set<String> met = new HashSet<>();
        for (Row row : deployments.get()) {
            ModelReference model = new ModelReference(
                    row.getFieldAs(0), row.getFieldAs(1), row.getFieldAs(2), row.<String>getFieldAs(3));
            long deadline = row.<Long>getFieldAs(5);
            boolean current = deadline == CURRENT;
            if (met.add(current ? "current" : model.id().toString())) {
                saved.add(
                        new SavedDeployment(model, row.getFieldAs(4), deadline, List.of(row.<String[]>getFieldAs(6))));
            }
        }
        return saved;
    }
}
