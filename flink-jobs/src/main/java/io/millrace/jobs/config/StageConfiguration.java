package io.millrace.jobs.config;

import java.util.Map;

import org.apiguardian.api.API;

/** What the configuration of every stage has: a record whose components are the keys of its section. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface StageConfiguration {

    /** Names of topics by their roles, where they are others than usual; a configuration has them as {@code topics}. */
    Map<String, String> topics();

    /** Batching and state of its network; a configuration has them as {@code inference}. */
    InferenceConfiguration inference();
}
