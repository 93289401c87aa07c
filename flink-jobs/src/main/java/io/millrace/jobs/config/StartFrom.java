package io.millrace.jobs.config;

import org.apiguardian.api.API;

/** Where a consumer group without committed offsets begins. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum StartFrom {
    EARLIEST,
    LATEST
}
