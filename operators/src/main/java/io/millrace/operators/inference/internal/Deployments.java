package io.millrace.operators.inference.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.streaming.TensorSpec;
import io.millrace.operators.inference.CachePolicy;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.arena.ArenaStates;
import io.millrace.operators.inference.arena.StateCopy;

/**
 * The model versions that serve, and where the state of each key is: in an arena, on its way out of one, or in the
 * durable store. Single-threaded; while a batch is in flight, arenas are touched by the inference thread alone, except
 * that the states of the next batch, whose keys are others, are read from them.
 *
 * @param <K> key type
 * @param <IN> record type
 * @param <I> model input
 * @param <O> model output
 */
public final class Deployments<K, IN, I, O> {

    /** Counts since the start. */
    public static final class Counts {
        public long hits;
        public long misses;
        public long evictions;
        /** States dropped: their time was up, or no version that serves goes on with them. */
        public long expired;
        /** Keys that were over. */
        public long ended;
    }

    /** Deadline of a version that drains while no watermark has come yet, or for ever. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Bytes copied from the device at once at a write-back: few enough to stay in the processor's cache. */
    private static final long WRITE_BACK_BYTES = 4 << 20;

    private record Draining<K, I, O>(Deployment<K, I, O> deployment, long deadline) {
        private boolean serves(PendingRecord<K, ?> record) {
            return record.timestamp() <= deadline;
        }
    }

    /** States to be written ahead of a checkpoint. */
    private record Ahead<K, I, O>(Deployment<K, I, O> deployment, Deque<SlotTable.DirtySlot<K>> dirty) {}

    /** States on their way from the device to the store. */
    private record Copying<K>(
            String version, List<SlotTable.DirtySlot<K>> slots, CompletableFuture<List<StateCopy>> copies) {}

    private final int slots;
    private final long ttlMillis;
    private final CacheStore<K> store;
    private final Set<K> leaving = new HashSet<>();
    private final List<Draining<K, I, O>> draining = new ArrayList<>();
    private final Deque<Ahead<K, I, O>> ahead = new ArrayDeque<>();
    private final Counts counts = new Counts();
    private Deployment<K, I, O> current;

    /**
     * Starts with one version.
     *
     * @param current the version
     * @param slots keys whose states an arena holds
     * @param ttlMillis event time after which the state of an idle key is gone; 0 keeps it for ever
     * @param store durable copies of the states
     */
    public Deployments(Deployment<K, I, O> current, int slots, long ttlMillis, CacheStore<K> store) {
        this.current = current;
        this.slots = slots;
        this.ttlMillis = ttlMillis;
        this.store = store;
    }

    public Deployment<K, I, O> current() {
        return current;
    }

    public Counts counts() {
        return counts;
    }

    /** Whether the state of a key can be had now; not while it is on its way out of an arena. */
    public boolean isAvailable(K key) {
        return !leaving.contains(key);
    }

    /** Gives each record's key a slot and makes batches of them, one for each version that has keys among them. */
    public List<Batch<K, IN, I, O>> assemble(List<PendingRecord<K, IN>> records, List<I> inputs, long nowNanos) {
        Map<Deployment<K, I, O>, List<Integer>> parts = new LinkedHashMap<>();
        StoredState[] durable = new StoredState[records.size()];
        for (int i = 0; i < records.size(); i++) {
            parts.computeIfAbsent(deploymentOf(records.get(i), durable, i), ignored -> new ArrayList<>())
                    .add(i);
        }
        List<Batch<K, IN, I, O>> batches = new ArrayList<>(parts.size());
        parts.forEach((deployment, indices) -> {
            List<PendingRecord<K, IN>> chosen = new ArrayList<>(indices.size());
            List<I> chosenInputs = new ArrayList<>(indices.size());
            for (int i : indices) {
                chosen.add(records.get(i));
                chosenInputs.add(inputs.get(i));
            }
            int[] leased = new int[deployment.isStateless() ? 0 : chosen.size()];
            List<Batch.Load> loads = new ArrayList<>();
            List<SlotTable.Eviction<K>> evictions = new ArrayList<>();
            // Keys that have a slot are pinned first, lest one of them make room for another of its own batch.
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
            ArenaStates fetched =
                    leased.length > 0 && loads.isEmpty() ? deployment.arena().fetch(leased) : null;
            batches.add(new Batch<>(deployment, chosen, chosenInputs, leased, loads, evictions, fetched, nowNanos));
        });
        return batches;
    }

    /**
     * The version that a record is for, and the durable state to bring into its arena. A state whose time was up at the
     * record's event time is forgotten here, though a timer may not have seen it yet: so outputs depend on event times
     * and not on when watermarks pass.
     */
    private Deployment<K, I, O> deploymentOf(PendingRecord<K, IN> record, StoredState[] durable, int index) {
        K key = record.key();
        OptionalLong seen = current.slots().lastSeen(key);
        if (seen.isPresent()) {
            if (isExpired(seen.getAsLong(), record)) {
                forget(current, key);
            }
            return current;
        }
        for (Draining<K, I, O> old : draining) {
            seen = old.deployment().slots().lastSeen(key);
            if (seen.isPresent()) {
                if (!isExpired(seen.getAsLong(), record) && old.serves(record)) {
                    return old.deployment();
                }
                forget(old.deployment(), key);
                return current;
            }
        }
        if (current.isStateless() && draining.isEmpty()) {
            return current;
        }
        StoredState entry = store.read(key);
        if (entry == null) {
            return current;
        }
        Deployment<K, I, O> owner = isExpired(entry.lastSeen(), record) ? null : ownerOf(entry, record);
        if (owner == null) {
            forget(current, key);
            return current;
        }
        durable[index] = entry;
        return owner;
    }

    private Deployment<K, I, O> ownerOf(StoredState entry, PendingRecord<K, IN> record) {
        if (current.acceptedVersions().contains(entry.version())) {
            return current;
        }
        for (Draining<K, I, O> old : draining) {
            if (old.deployment().acceptedVersions().contains(entry.version()) && old.serves(record)) {
                return old.deployment();
            }
        }
        return null;
    }

    private boolean isExpired(long lastSeen, PendingRecord<K, IN> record) {
        return ttlMillis > 0
                && record.hasTimestamp()
                && lastSeen != PendingRecord.NO_TIMESTAMP
                && record.timestamp() > lastSeen + ttlMillis;
    }

    private void forget(Deployment<K, I, O> deployment, K key) {
        deployment.slots().remove(key);
        store.clear(key);
        counts.expired++;
    }

    /** A key is over: its state is dropped wherever it is. Nothing of the key may be in flight or on its way out. */
    public void end(K key) {
        all().forEach(deployment -> deployment.slots().remove(key));
        store.clear(key);
        counts.ended++;
    }

    /** Neighbours in the arena are made neighbours in the batch: states may then be read where they lie. */
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
            List<Batch.Load> loads,
            List<SlotTable.Eviction<K>> evictions) {
        SlotTable.Lease<K> lease = deployment.slots().acquire(record.key());
        if (lease.resident()) {
            counts.hits++;
            return lease.slot();
        }
        counts.misses++;
        if (lease.evicted() != null) {
            counts.evictions++;
            if (lease.evicted().dirty()) {
                evictions.add(lease.evicted());
                leaving.add(lease.evicted().key());
            }
        }
        if (durable == null) {
            loads.add(new Batch.Load(lease.slot(), null));
            store.started(record.key(), record.timestamp());
        } else {
            loads.add(new Batch.Load(lease.slot(), durable.tensors(deployment.stateSpec())));
            deployment.slots().loaded(record.key(), durable.lastSeen(), durable.changeBytes());
        }
        return lease.slot();
    }

    /** A batch is back: states taken out go to the store, slots of its keys are free to be taken again. */
    public void complete(Batch<K, IN, I, O> batch, Batch.Completion<O> completion) {
        Deployment<K, I, O> deployment = batch.deployment();
        for (int i = 0; i < batch.evictions().size(); i++) {
            SlotTable.Eviction<K> eviction = batch.evictions().get(i);
            store.write(
                    eviction.key(),
                    new CacheEntry(
                            deployment.reference().version(),
                            eviction.lastSeen(),
                            true,
                            completion.evicted().get(i)));
            leaving.remove(eviction.key());
        }
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

    /**
     * Makes the durable copy of every state as new as the state, some keys at a time: while their copies go to the store,
     * those of the next keys are taken from the device. Nothing may be in flight.
     *
     * @param device runs what touches an arena, in order
     * @return states written
     */
    public int writeBack(Executor device) {
        beginWriteAhead();
        int written = 0;
        Copying<K> copying = copyNext(device);
        while (copying != null) {
            List<StateCopy> copies = copying.copies().join();
            Copying<K> next = copyNext(device);
            store(copying, copies);
            written += copies.size();
            copying = next;
        }
        return written;
    }

    /** How many durable copies are older than the states. */
    public int dirty() {
        return all().stream().mapToInt(d -> d.slots().dirtyCount()).sum();
    }

    /**
     * Lists the states whose durable copies are out of date, for {@link #writeAhead} to write, those not used for longest
     * first: they are the likeliest to stay as they are.
     */
    public void beginWriteAhead() {
        ahead.clear();
        for (Deployment<K, I, O> deployment : all()) {
            if (!deployment.isStateless()) {
                ahead.add(new Ahead<>(
                        deployment, new ArrayDeque<>(deployment.slots().dirty())));
            }
        }
    }

    /**
     * Writes some of the states listed by {@link #beginWriteAhead}, a few megabytes, so that less is left for the
     * checkpoint. Batches may be in flight: their keys are left out.
     *
     * @return states written; 0 when the list is at its end
     */
    public int writeAhead(Executor device) {
        Copying<K> copying = copyNext(device);
        if (copying == null) {
            return 0;
        }
        List<StateCopy> copies = copying.copies().join();
        store(copying, copies);
        return copies.size();
    }

    /** Starts to copy the next of the listed states from their device; null when the list is at its end. */
    private Copying<K> copyNext(Executor device) {
        while (!ahead.isEmpty()) {
            Copying<K> copying = copy(ahead.peek().deployment(), ahead.peek().dirty(), device);
            if (copying != null) {
                return copying;
            }
            ahead.remove();
        }
        return null;
    }

    /** Takes the next slots of a list and starts to copy them from the device; null at the end of the list. */
    private Copying<K> copy(Deployment<K, I, O> deployment, Deque<SlotTable.DirtySlot<K>> dirty, Executor device) {
        long stateBytes = deployment.stateSpec().bytesPerKey();
        long atOnce = Math.max(1, WRITE_BACK_BYTES / stateBytes);
        List<SlotTable.DirtySlot<K>> taken = new ArrayList<>();
        while (taken.size() < atOnce && !dirty.isEmpty()) {
            SlotTable.DirtySlot<K> slot = dirty.remove();
            if (deployment.slots().take(slot)) {
                taken.add(slot);
            }
        }
        if (taken.isEmpty()) {
            return null;
        }
        int[] slotNumbers = new int[taken.size()];
        boolean[] whole = new boolean[taken.size()];
        for (int i = 0; i < slotNumbers.length; i++) {
            SlotTable.DirtySlot<K> slot = taken.get(i);
            slotNumbers[i] = slot.slot();
            whole[i] = !slot.isStored() || slot.changeBytes() > mostChangeBytes(slot.key(), stateBytes);
        }
        return new Copying<>(
                deployment.reference().version(),
                taken,
                CompletableFuture.supplyAsync(() -> deployment.arena().save(slotNumbers, whole), device));
    }

    private void store(Copying<K> copying, List<StateCopy> copies) {
        for (int i = 0; i < copies.size(); i++) {
            SlotTable.DirtySlot<K> slot = copying.slots().get(i);
            StateCopy copy = copies.get(i);
            store.write(slot.key(), new CacheEntry(copying.version(), slot.lastSeen(), copy.whole(), copy.bytes()));
            if (copy.whole()) {
                slot.storedWhole();
            } else {
                slot.storedChange(copy.bytes().length);
            }
        }
    }

    /**
     * When changes outweigh the state they belong to, the state is written whole again. The bound differs from key to
     * key, from once to twice the state, lest all keys that go at the same pace come to it at the same checkpoint.
     */
    private static long mostChangeBytes(Object key, long stateBytes) {
        return stateBytes + Math.floorMod(key.hashCode() * 0x9E3779B97F4A7C15L >>> 16, stateBytes);
    }

    /** Serves another version from now on. Nothing may be in flight. */
    public void swap(ModelReference reference, StreamingModel<I, O> model, CachePolicy policy) {
        Deployment<K, I, O> before = current;
        ahead.clear();
        switch (policy) {
            case MIGRATE -> current = before.migrate(reference, model);
            case RESET -> {
                current = new Deployment<>(reference, model, slots);
                before.close();
            }
            case DRAIN -> {
                current = new Deployment<>(reference, model, slots);
                if (before.isStateless()) {
                    before.close();
                } else {
                    draining.add(new Draining<>(before, NO_DEADLINE));
                }
            }
        }
    }

    /** Adds a version whose keys are still finishing, after a restore. */
    public void restoreDraining(Deployment<K, I, O> deployment, long deadline) {
        draining.add(new Draining<>(deployment, deadline));
    }

    /** Gives a deadline to the versions that drain without one. */
    public void setMissingDeadlines(long deadline) {
        draining.replaceAll(old -> old.deadline() == NO_DEADLINE ? new Draining<>(old.deployment(), deadline) : old);
    }

    /** Gives up the versions whose time is over. Nothing may be in flight. */
    public void retire(long watermark) {
        draining.removeIf(old -> {
            if (old.deadline() > watermark) {
                return false;
            }
            ahead.clear();
            old.deployment().close();
            return true;
        });
    }

    /** When the next version is to be given up; empty when none is draining. */
    public OptionalLong nextRetirement() {
        return draining.stream().mapToLong(Draining::deadline).min();
    }

    /** Versions still finishing with their deadlines, oldest first. */
    public Map<Deployment<K, I, O>, Long> draining() {
        Map<Deployment<K, I, O>, Long> versions = new LinkedHashMap<>();
        draining.stream()
                .sorted(Comparator.comparingLong(Draining::deadline))
                .forEach(old -> versions.put(old.deployment(), old.deadline()));
        return versions;
    }

    /**
     * A timer of a key fires at event time {@code time}: drops its state if its time is up, or says when to look again.
     * This only frees what {@link #assemble} would no longer use.
     *
     * @return when to look again; empty when the state is gone
     */
    public OptionalLong expire(K key, long time) {
        if (leaving.contains(key)) {
            return OptionalLong.of(time + ttlMillis);
        }
        for (Deployment<K, I, O> deployment : all()) {
            OptionalLong seen = deployment.slots().lastSeen(key);
            if (seen.isPresent()) {
                if (seen.getAsLong() > time - ttlMillis) {
                    return OptionalLong.of(seen.getAsLong() + ttlMillis);
                }
                forget(deployment, key);
                return OptionalLong.empty();
            }
        }
        StoredState entry = store.read(key);
        if (entry == null) {
            return OptionalLong.empty();
        }
        if (entry.lastSeen() > time - ttlMillis) {
            return OptionalLong.of(entry.lastSeen() + ttlMillis);
        }
        forget(current, key);
        return OptionalLong.empty();
    }

    private List<Deployment<K, I, O>> all() {
        List<Deployment<K, I, O>> all = new ArrayList<>();
        all.add(current);
        draining.forEach(old -> all.add(old.deployment()));
        return all;
    }

    /** Keys whose states are in arenas. */
    public int resident() {
        return all().stream().mapToInt(d -> d.slots().resident()).sum();
    }

    /** Bytes of the states in arenas. */
    public long residentBytes() {
        return all().stream()
                .mapToLong(d -> d.slots().resident() * d.stateSpec().bytesPerKey())
                .sum();
    }

    /** Closes every version. Nothing may be in flight. */
    public void close() {
        all().forEach(Deployment::close);
        draining.clear();
    }
}
