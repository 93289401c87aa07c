package io.millrace.operators.inference.internal;

import java.util.List;

import io.millrace.operators.inference.arena.ArenaStates;

/**
 * One batch on its way through the inference thread.
 *
 * @param deployment model version that it is for
 * @param records records, each of another key
 * @param inputs model inputs of those records
 * @param slots arena slots of their keys; empty for a stateless model
 * @param loads states to bring into the arena first
 * @param evictions states to take out of the arena before that
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
        List<Load> loads,
        List<SlotTable.Eviction<K>> evictions,
        ArenaStates fetched,
        long submittedNanos) {

    /** A state to be put into a slot; {@code tensors} is null for a new key, which starts with zeros. */
    public record Load(int slot, byte[] tensors) {}

    /**
     * What came of a batch.
     *
     * @param outcomes what became of each record
     * @param evicted states taken out, in the order of {@link Batch#evictions()}
     * @param callNanos time in the model, gathering and scattering of states included
     * @param calls model calls; more than one when faults had to be isolated
     * @param outOfMemoryAt batch size that the device had no memory for, or {@link Integer#MAX_VALUE}
     */
    public record Completion<O>(
            List<FaultIsolation.Outcome<O>> outcomes,
            List<byte[]> evicted,
            long callNanos,
            int calls,
            int outOfMemoryAt) {}

    /** Runs the batch; to be called on the inference thread. */
    public Completion<O> run() {
        List<byte[]> evicted = List.of();
        if (!deployment.isStateless()) {
            evicted = deployment
                    .arena()
                    .read(evictions.stream().mapToInt(SlotTable.Eviction::slot).toArray());
            deployment.arena().load(loads);
        }
        long start = System.nanoTime();
        FaultIsolation<O> isolation =
                new FaultIsolation<>(this::step, output -> deployment.model().isFinite(output));
        List<FaultIsolation.Outcome<O>> outcomes = isolation.run(records.size());
        return new Completion<>(
                outcomes, evicted, System.nanoTime() - start, isolation.calls(), isolation.outOfMemoryAt());
    }

    private List<O> step(int[] indices, java.util.function.Predicate<List<O>> keep) {
        boolean whole = indices.length == inputs.size();
        List<I> chosen = whole
                ? inputs
                : java.util.Arrays.stream(indices).mapToObj(inputs::get).toList();
        if (deployment.isStateless()) {
            try (StatelessBatch none =
                    new StatelessBatch(indices.length, deployment.model().device())) {
                return deployment.model().step(chosen, none);
            }
        }
        int[] chosenSlots = whole
                ? slots
                : java.util.Arrays.stream(indices).map(i -> slots[i]).toArray();
        try (ArenaStates states =
                whole && fetched != null ? fetched : deployment.arena().open(chosenSlots)) {
            List<O> outputs = deployment.model().step(chosen, states);
            if (keep.test(outputs)) {
                states.commit();
            }
            return outputs;
        }
    }
}
