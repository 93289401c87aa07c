package io.millrace.bench;

/** What is compared. */
enum Variant implements Compared {
    /** The network without Flink. */
    RAW("a", "raw network on ideal batches, one thread, no Flink"),
    /** Our operator. */
    OPERATOR("b", "KeyedInferenceOperator in a job, RocksDB"),
    /** What a user would write first. */
    PROCESS_FUNCTION("c", "KeyedProcessFunction, one record a call, cache bytes in ValueState, RocksDB"),
    /** Batching without state. */
    ASYNC(
            "d",
            "async I/O over a pool of batching predictors, no keyed cache: the window rides on the record and is"
                    + " recomputed");

    private final String letter;
    private final String description;

    Variant(String letter, String description) {
        this.letter = letter;
        this.description = description;
    }

    @Override
    public String letter() {
        return letter;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public boolean isOurs() {
        return this == OPERATOR;
    }
}
