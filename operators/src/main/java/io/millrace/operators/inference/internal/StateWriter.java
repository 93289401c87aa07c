package io.millrace.operators.inference.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

import io.millrace.operators.inference.arena.StateArena;
import io.millrace.operators.inference.arena.StateCopy;

/**
 * Makes durable copies as new as the states: all of them at a checkpoint, some shortly before one. For the task thread;
 * only at a checkpoint, when the stream stands still anyway, does that wait for the device.
 *
 * @param <K> key type
 * @param <I> model input
 * @param <O> model output
 */
public final class StateWriter<K, I, O> {

    /** States to be written ahead of a checkpoint. */
    private record Ahead<K, I, O>(Deployment<K, I, O> deployment, Deque<SlotTable.DirtySlot<K>> dirty) {}

    /** States on their way from the device to the store. */
    private record Copying<K, I, O>(
            Deployment<K, I, O> deployment,
            List<SlotTable.DirtySlot<K>> slots,
            CompletableFuture<DeviceQueue.Result<List<StateCopy>>> copies) {}

    private final Versions<K, I, O> versions;
    private final CacheDirectory<K> directory;
    private final DeviceQueue device;
    private final Mailbox mailbox;
    private final Deque<Ahead<K, I, O>> ahead = new ArrayDeque<>();
    private Copying<K, I, O> underWay;

    public StateWriter(Versions<K, I, O> versions, CacheDirectory<K> directory, DeviceQueue device, Mailbox mailbox) {
        this.versions = versions;
        this.directory = directory;
        this.device = device;
        this.mailbox = mailbox;
        versions.beforeChange(this::settle);
    }

    /** How many durable copies are older than the states. */
    public int dirty() {
        return versions.all().stream().mapToInt(d -> d.slots().dirtyCount()).sum();
    }

    /**
     * Makes the durable copy of every state as new as the state, some keys at a time: while their copies go to the store,
     * those of the next keys are taken from the device. No batch may be in flight.
     *
     * @return states written
     */
    public int writeBack() {
        int written = finishUnderWay();
        beginWriteAhead();
        Copying<K, I, O> copying = copyNext();
        while (copying != null) {
            List<StateCopy> copies = device.await(copying.copies()).get();
            Copying<K, I, O> next = copyNext();
            store(copying, copies);
            written += copies.size();
            copying = next;
        }
        return written;
    }

    /** What serves is about to change: what is on its way arrives first, and nothing more is written ahead. */
    private void settle() {
        finishUnderWay();
        ahead.clear();
    }

    private int finishUnderWay() {
        if (underWay == null) {
            return 0;
        }
        Copying<K, I, O> copying = underWay;
        underWay = null;
        List<StateCopy> copies = device.await(copying.copies()).get();
        store(copying, copies);
        return copies.size();
    }

    /**
     * Lists the states whose durable copies are out of date, for {@link #writeAhead} to write, those not used for longest
     * first: they are the likeliest to stay as they are.
     */
    public void beginWriteAhead() {
        ahead.clear();
        for (Deployment<K, I, O> deployment : versions.all()) {
            if (!deployment.isStateless()) {
                ahead.add(new Ahead<>(
                        deployment, new ArrayDeque<>(deployment.slots().dirty())));
            }
        }
    }

    /** Whether states written ahead are on their way. */
    public boolean isWriting() {
        return underWay != null;
    }

    /**
     * Starts to write some of the states listed by {@link #beginWriteAhead}, a few megabytes, so that less is left for the
     * checkpoint. Batches may be in flight: their keys are left out.
     *
     * @param written is told, on the task thread, how many states have been written
     * @return false when the list is at its end
     */
    public boolean writeAhead(IntConsumer written) {
        Copying<K, I, O> copying = copyNext();
        if (copying == null) {
            return false;
        }
        underWay = copying;
        copying.copies()
                .thenRun(() -> mailbox.post(
                        () -> {
                            if (underWay == copying) {
                                written.accept(finishUnderWay());
                            }
                        },
                        "states written ahead of a checkpoint"));
        return true;
    }

    /** Starts to copy the next of the listed states from their device; null when the list is at its end. */
    private Copying<K, I, O> copyNext() {
        while (!ahead.isEmpty()) {
            Copying<K, I, O> copying =
                    copy(ahead.peek().deployment(), ahead.peek().dirty());
            if (copying != null) {
                return copying;
            }
            ahead.remove();
        }
        return null;
    }

    /** Takes the next slots of a list and starts to copy them from the device; null at the end of the list. */
    private Copying<K, I, O> copy(Deployment<K, I, O> deployment, Deque<SlotTable.DirtySlot<K>> dirty) {
        long stateBytes = deployment.stateSpec().bytesPerKey();
        long atOnce = Math.max(1, StateArena.BYTES_AT_ONCE / stateBytes);
        List<SlotTable.DirtySlot<K>> taken = new ArrayList<>();
        while (taken.size() < atOnce && !dirty.isEmpty()) {
            SlotTable.DirtySlot<K> slot = dirty.remove();
            if (deployment.slots().take(slot)) {
                taken.add(slot);
                directory.copies(slot.key());
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
            whole[i] = !slot.durable().isStored()
                    || slot.durable().changeBytes() > mostChangeBytes(slot.key(), stateBytes);
        }
        CompletableFuture<DeviceQueue.Result<List<StateCopy>>> copies = new CompletableFuture<>();
        device.run(() -> deployment.model().save(slotNumbers, whole), copies::complete);
        return new Copying<>(deployment, taken, copies);
    }

    private void store(Copying<K, I, O> copying, List<StateCopy> copies) {
        for (int i = 0; i < copies.size(); i++) {
            SlotTable.DirtySlot<K> slot = copying.slots().get(i);
            directory.copied(slot.key());
            if (slot.isForgotten()) {
                continue;
            }
            StateCopy copy = copies.get(i);
            SlotTable.Durable durable = slot.durable();
            if (copy.whole()) {
                writeWhole(directory.store(), copying.deployment(), slot.key(), durable, slot.lastSeen(), copy.bytes());
            } else {
                int sequence = durable.nextChange(copy.bytes().length);
                directory
                        .store()
                        .write(
                                slot.key(),
                                new CachePosition(copying.deployment().generation(), sequence),
                                new CacheEntry(durable.base(), slot.lastSeen(), null, copy.bytes()));
            }
        }
    }

    static <K> void writeWhole(
            CacheStore<K> store,
            Deployment<K, ?, ?> deployment,
            K key,
            SlotTable.Durable durable,
            long lastSeen,
            byte[] bytes) {
        if (durable.isForeign()) {
            store.clear(key);
        }
        store.write(
                key,
                new CachePosition(deployment.generation(), 0),
                new CacheEntry(durable.nextWhole(), lastSeen, deployment.origin(), bytes));
    }

    /**
     * When changes outweigh the state they belong to, the state is written whole again. The bound differs from key to
     * key, from once to twice the state, so that keys that go at the same pace do not all come to it at one checkpoint.
     */
    private static long mostChangeBytes(Object key, long stateBytes) {
        return stateBytes + Math.floorMod(key.hashCode() * 0x9E3779B97F4A7C15L >>> 16, stateBytes);
    }
}
