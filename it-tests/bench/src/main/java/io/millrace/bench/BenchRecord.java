package io.millrace.bench;

/**
 * One record of the benchmark: a key with the prepared features of its flow, or of its whole window of flows.
 *
 * @param key key
 * @param createdNanos {@link System#nanoTime()} when the source made it
 * @param numeric numeric fields, flow by flow
 * @param categorical ids of the categorical fields, flow by flow
 * @param payload bytes that the record carries beside them, as a picture would
 */
@SuppressWarnings("ArrayRecordComponent")
record BenchRecord(int key, long createdNanos, float[] numeric, int[] categorical, byte[] payload) {}
