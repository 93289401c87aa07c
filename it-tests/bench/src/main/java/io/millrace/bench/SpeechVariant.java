package io.millrace.bench;

/** What is compared over audio streams. */
enum SpeechVariant {
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

    final String letter;
    final String description;

    SpeechVariant(String letter, String description) {
        this.letter = letter;
        this.description = description;
    }
}
