package io.millrace.operators.inference.internal;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import io.millrace.operators.inference.arena.ArenaLoad;

/**
 * One batch on its way through the device.
 *
 * @param deployment generation that it is for
 * @param records records, each of another key
 * @param inputs model inputs of those records
 * @param slots slots of their keys; empty for a stateless model
 * @param loads states to bring into slots first
 * @param evictions states to take out of slots before that
 * @param fetched states of all the keys, gathered ahead; null where they are to be gathered when the batch runs
 * @param submittedNanos when it was handed over
 * @param <K> key type
 * @param <IN> record type
 * @param <I> model input
 * @param <O> model output
 */
public record Batch<K, IN, I, O>(
        Deployment<K, I, O> deployment,
        List<PendingRecord<K, IN>> records,
        List<I> inputs,
        int[] slots,
        List<ArenaLoad> loads,
        List<SlotTable.Eviction<K>> evictions,
        DeviceModel.Fetched fetched,
        long submittedNanos) {

    /**
     * What came of a batch.
     *
     * @param outcomes what became of each record; null if the device failed
     * @param evicted states taken out, in the order of {@link Batch#evictions()}
     * @param callNanos time in the model, gathering and scattering of states included
     * @param calls model calls; more than one when faults had to be isolated
     * @param outOfMemoryAt batch size that the device had no memory for, or {@link Integer#MAX_VALUE}
     * @param deviceFailure why no record could be answered, though none is to blame; null otherwise
     */
    public record Completion<O>(
            List<FaultIsolation.Outcome<O>> outcomes,
            List<byte[]> evicted,
            long callNanos,
            int calls,
            int outOfMemoryAt,
            DeviceFailureException deviceFailure) {}

    /** Runs the batch; to be called on the thread of the device. */
    public Completion<O> run() {
        DeviceModel<I, O> model = deployment.model();
        List<byte[]> evicted = List.of();
        if (!evictions.isEmpty()) {
            evicted = model.read(
                    evictions.stream().mapToInt(SlotTable.Eviction::slot).toArray());
        }
        if (!loads.isEmpty()) {
            model.load(loads);
        }
        long start = System.nanoTime();
        FaultIsolation<O> isolation = new FaultIsolation<>(this::step, model::isFinite, model::trial);
        List<FaultIsolation.Outcome<O>> outcomes = null;
        DeviceFailureException broken = null;
        try {
            outcomes = isolation.run(records.size());
        } catch (DeviceFailureException failure) {
            broken = failure;
        }
        return new Completion<>(
                outcomes, evicted, System.nanoTime() - start, isolation.calls(), isolation.outOfMemoryAt(), broken);
    }

    private List<O> step(int[] indices, int attempt, Predicate<List<O>> keep) {
        if (indices.length == inputs.size()) {
            // What was gathered ahead is closed with the step that it was gathered for.
            return deployment.model().step(inputs, slots, attempt == 0 ? fetched : null, keep);
        }
        List<I> chosen = Arrays.stream(indices).mapToObj(inputs::get).toList();
        int[] chosenSlots = slots.length == 0
                ? slots
                : Arrays.stream(indices).map(i -> slots[i]).toArray();
        return deployment.model().step(chosen, chosenSlots, null, keep);
    }
}
