package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;

import io.millrace.it.LocalInfrastructure;

/**
 * A stage that must commit the same through failures: its input, its job, and what it commits.
 *
 * @param <O> what a run commits
 */
interface RecoveryScenario<O extends Outcome<O>> {

    /** Makes input and models, once. */
    void prepare(Path folder) throws Exception;

    /**
     * A run of the job, over topics of its own.
     *
     * @param folder folder for checkpoints and savepoints
     */
    JobRun<?, O> open(LocalInfrastructure local, FlinkCluster cluster, Path folder);

    /** Fails if what a run in peace has committed shows too little for a comparison to tell anything. */
    void check(O undisturbed);

    /** Longest time from one kill to the next, from which it is drawn. */
    Duration betweenKills();

    /** Time in which most of the input comes while TaskManagers are killed. */
    Duration throughKills();

    /** The same through one failure. */
    Duration throughOneFailure();
}
