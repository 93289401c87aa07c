package io.millrace.operators.inference.internal;

/** Is told what happens in an inference loop. */
public interface LoopMetrics {

    /** What there is at a moment, safe to hand to another thread. */
    record Figures(
            int inFlight,
            int recordsHeld,
            long bytesHeld,
            int keysReady,
            int keysResident,
            long bytesResident,
            CacheDirectory.Counts counts,
            String model,
            long generation,
            int draining) {}

    /** The figures that reporters see from now on, on whatever thread they run. */
    void publish(Figures now);

    void batch(Batch<?, ?, ?, ?> batch, Batch.Completion<?> completion);

    void deadLetter();

    void deviceFailure();

    void batchLimit(int limit);

    /** Counts states written between batches, ahead of a checkpoint. */
    void writtenAhead(int states);

    /** Notes how many states a checkpoint wrote, and how long the stream stood still for it. */
    void writtenBack(int states, long nanos);
}
