package io.millrace.jobs.stage;

import java.util.List;

import org.apiguardian.api.API;

/**
 * Commands of something that has no job of its own, such as a backbone that several stages use. Found through {@link
 * java.util.ServiceLoader}, and shown under the verbs as those of stages are.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface CommandSet {

    /** New ones each time: they hold options of a command line. */
    List<StageCommand> commands();
}
