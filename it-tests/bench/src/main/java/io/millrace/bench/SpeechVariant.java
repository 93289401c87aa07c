package io.millrace.bench;

/** What is compared over audio streams. */
enum SpeechVariant implements Compared {
    /** Our operator. */
    OPERATOR("operator", "KeyedInferenceOperator in a job, RocksDB, caches in the arena"),
    /** The network without Flink. */
    RAW("a", "the same network on ideal batches, one thread, no Flink"),
    /** No batches. */
    SINGLE("b", "the same network, one stream a call, no Flink"),
    /** The reference's caches. */
    REPROJECTED(
            "c",
            "caches of attention inputs, shifted and projected anew for each chunk, positions too, as the reference does;"
                    + " batches, one thread, no Flink");

    private final String letter;
    private final String description;

    SpeechVariant(String letter, String description) {
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
