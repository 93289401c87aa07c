package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.streaming.TensorSpec;
import io.millrace.operators.inference.arena.ArenaLoad;

/**
 * Makes batches of records: gives each record's key a slot, and says which states have to come in and go out for it. For
 * the task thread.
 *
 * @param <K> key type
 * @param <IN> record type
 * @param <I> model input
 * @param <O> model output
 */
public final class BatchAssembler<K, IN, I, O> {

    /** States brought in for one batch, at most: those of the records beyond wait for the next. */
    private static final long MOST_LOADED_BYTES = 64 << 20;

    private final Versions<K, I, O> versions;
    private final CacheDirectory<K> directory;

    public BatchAssembler(Versions<K, I, O> versions, CacheDirectory<K> directory) {
        this.versions = versions;
        this.directory = directory;
    }

    /** How many keys without a slot a batch may have, so that what comes in and goes out for it stays bounded. */
    public int mostNewKeys() {
        long bytes = versions.current().stateSpec().bytesPerKey();
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, MOST_LOADED_BYTES / Math.max(1, bytes)));
    }

    /** Makes a batch for each generation that has keys among the records. */
    public List<Batch<K, IN, I, O>> assemble(List<PendingRecord<K, IN>> records, List<I> inputs, long nowNanos) {
        Map<Deployment<K, I, O>, List<Integer>> parts = new LinkedHashMap<>();
        StoredState[] durable = new StoredState[records.size()];
        for (int i = 0; i < durable.length; i++) {
            CacheDirectory.Place<K, I, O> place = directory.place(records.get(i), versions);
            durable[i] = place.durable();
            parts.computeIfAbsent(place.deployment(), ignored -> new ArrayList<>())
                    .add(i);
        }
        List<Batch<K, IN, I, O>> batches = new ArrayList<>(parts.size());
        parts.forEach((deployment, indices) -> batches.add(
                deployment.isStateless()
                        ? stateless(deployment, indices, records, inputs, nowNanos)
                        : stateful(deployment, indices, records, inputs, durable, nowNanos)));
        return batches;
    }

    private static <T> ArrayList<T> chosen(List<T> all, List<Integer> indices) {
        ArrayList<T> chosen = new ArrayList<>(indices.size());
        indices.forEach(i -> chosen.add(all.get(i)));
        return chosen;
    }

    private Batch<K, IN, I, O> stateless(
            Deployment<K, I, O> deployment,
            List<Integer> indices,
            List<PendingRecord<K, IN>> records,
            List<I> inputs,
            long nowNanos) {
        return new Batch<>(
                deployment,
                chosen(records, indices),
                chosen(inputs, indices),
                new int[0],
                List.of(),
                List.of(),
                null,
                nowNanos);
    }

    private Batch<K, IN, I, O> stateful(
            Deployment<K, I, O> deployment,
            List<Integer> indices,
            List<PendingRecord<K, IN>> records,
            List<I> inputs,
            StoredState[] durable,
            long nowNanos) {
        List<PendingRecord<K, IN>> chosen = chosen(records, indices);
        List<I> chosenInputs = chosen(inputs, indices);
        int[] leased = new int[chosen.size()];
        List<ArenaLoad> loads = new ArrayList<>();
        List<SlotTable.Eviction<K>> evictions = new ArrayList<>();
        // Keys that have a slot are pinned first: none of them may make room for another of its own batch.
        boolean[] resident = new boolean[leased.length];
        for (int i = 0; i < leased.length; i++) {
            resident[i] = deployment.slots().isResident(chosen.get(i).key());
            if (resident[i]) {
                leased[i] = lease(deployment, chosen.get(i), null, loads, evictions);
            }
        }
        for (int i = 0; i < leased.length; i++) {
            if (!resident[i]) {
                leased[i] = lease(deployment, chosen.get(i), durable[indices.get(i)], loads, evictions);
            }
        }
        if (deployment.stateSpec().tensors().stream().anyMatch(TensorSpec::readInPlace)) {
            bySlot(leased, chosen, chosenInputs);
        }
        DeviceModel.Fetched fetched = loads.isEmpty() ? deployment.model().fetch(leased) : null;
        return new Batch<>(deployment, chosen, chosenInputs, leased, loads, evictions, fetched, nowNanos);
    }

    /** Neighbours among the slots are made neighbours in the batch: states may then be read where they lie. */
    private void bySlot(int[] leased, List<PendingRecord<K, IN>> records, List<I> inputs) {
        long[] order = new long[leased.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (long) leased[i] << Integer.SIZE | i;
        }
        Arrays.sort(order);
        List<PendingRecord<K, IN>> recordsBefore = List.copyOf(records);
        List<I> inputsBefore = List.copyOf(inputs);
        for (int i = 0; i < order.length; i++) {
            int from = (int) order[i];
            leased[i] = (int) (order[i] >> Integer.SIZE);
            records.set(i, recordsBefore.get(from));
            inputs.set(i, inputsBefore.get(from));
        }
    }

    private int lease(
            Deployment<K, I, O> deployment,
            PendingRecord<K, IN> record,
            StoredState durable,
            List<ArenaLoad> loads,
            List<SlotTable.Eviction<K>> evictions) {
        SlotTable.Lease<K> lease = deployment.slots().acquire(record.key());
        directory.leased(lease);
        if (lease.resident()) {
            return lease.slot();
        }
        if (lease.evicted() != null && lease.evicted().dirty()) {
            evictions.add(lease.evicted());
            directory.leaves(lease.evicted().key());
        }
        if (durable == null) {
            loads.add(new ArenaLoad(lease.slot(), null));
            directory.store().started(record.key(), record.timestamp());
        } else {
            loads.add(new ArenaLoad(lease.slot(), durable.tensors(deployment.stateSpec())));
            deployment.slots().loaded(record.key(), durable, deployment.generation());
        }
        return lease.slot();
    }

    /** A batch is back: states taken out go to the store, slots of its keys are free to be taken again. */
    public void complete(Batch<K, IN, I, O> batch, Batch.Completion<O> completion) {
        Deployment<K, I, O> deployment = batch.deployment();
        storeEvicted(batch, completion);
        if (deployment.isStateless()) {
            return;
        }
        for (int i = 0; i < batch.records().size(); i++) {
            PendingRecord<K, IN> record = batch.records().get(i);
            if (completion.outcomes().get(i).succeeded()) {
                deployment.slots().unpinDirty(record.key(), record.timestamp());
            } else {
                deployment.slots().unpin(record.key());
            }
        }
    }

    /** A batch has come back unanswered: its keys keep the states that they had. */
    public void giveBack(Batch<K, IN, I, O> batch, Batch.Completion<O> completion) {
        storeEvicted(batch, completion);
        if (!batch.deployment().isStateless()) {
            batch.records().forEach(record -> batch.deployment().slots().unpin(record.key()));
        }
    }

    private void storeEvicted(Batch<K, IN, I, O> batch, Batch.Completion<O> completion) {
        for (int i = 0; i < batch.evictions().size(); i++) {
            SlotTable.Eviction<K> eviction = batch.evictions().get(i);
            StateWriter.writeWhole(
                    directory.store(),
                    batch.deployment(),
                    eviction.key(),
                    eviction.durable(),
                    eviction.lastSeen(),
                    completion.evicted().get(i));
            directory.arrived(eviction.key());
        }
    }
}
