package io.millrace.jobs.config;

/** Where a consumer group without committed offsets begins. */
public enum StartFrom {
    EARLIEST,
    LATEST
}
