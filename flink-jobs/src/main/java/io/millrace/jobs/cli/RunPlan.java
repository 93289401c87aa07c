package io.millrace.jobs.cli;

import java.io.IOException;
import java.util.function.Consumer;

import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.lifecycle.Causes;
import io.millrace.jobs.lifecycle.StartingPoint;
import io.millrace.jobs.lifecycle.StateFolders;

/**
 * A job that is to run.
 *
 * @param wish what it is to begin with
 * @param allowSecond whether it may run beside another of its name
 * @param lines takes what is to be told
 */
record RunPlan(
        JobConfiguration configuration,
        StreamingJob job,
        KafkaFacts kafka,
        StartingPoint.Wish wish,
        boolean allowSecond,
        Consumer<String> lines) {

    /**
     * What Kafka said.
     *
     * @param cluster its id
     * @param read whether the job's consumer group has committed offsets
     */
    record KafkaFacts(String cluster, boolean read) {}

    String name() {
        return configuration.name();
    }

    void say(String line) {
        lines.accept(line);
    }

    /** Finds where the job begins, and says so. */
    StartingPoint startingPoint(StateFolders folders) {
        StartingPoint start = StartingPoint.find(folders, wish, kafka.cluster());
        say(start.line());
        if (start.state().isEmpty() && kafka.read()) {
            say("The consumer group " + name() + " has read before: it goes on from its committed offsets, and what"
                    + " waited in the state of the runs before is not answered.");
        }
        return start;
    }

    /** Notes that the job begins so; where that cannot be, the job starts all the same. */
    void note(StartingPoint start, StateFolders folders) {
        try {
            start.note(folders, kafka.cluster());
        } catch (IOException refused) {
            say("The start cannot be noted in " + folders.checkpoints() + " (" + Causes.of(refused)
                    + "): name the savepoint when you start the job next time.");
        }
    }
}
