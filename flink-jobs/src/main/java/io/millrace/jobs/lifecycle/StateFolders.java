package io.millrace.jobs.lifecycle;

import java.util.Locale;
import java.util.Optional;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/**
 * Where the state of one job lies: a folder of its own below the directories that are configured, so that jobs that share
 * a directory never go on from one another's state.
 *
 * @param checkpoints URI of the folder whose subfolders are Flink's, one for each time that the job was submitted
 * @param savepoints URI of the folder of its savepoints
 */
public record StateFolders(String checkpoints, String savepoints) {

    /** Job parameter, shown by a cluster, that says where the job's checkpoints are. */
    public static final String CHECKPOINTS_PARAMETER = "millrace.checkpoints";

    /** Job parameter, shown by a cluster, that says where the job's savepoints go. */
    public static final String SAVEPOINTS_PARAMETER = "millrace.savepoints";

    /**
     * The folders of a job.
     *
     * @param checkpointDirectory directory that is configured for checkpoints
     * @param savepointDirectory directory for savepoints; empty if they go into the checkpoints' folder
     */
    public static StateFolders of(String job, String checkpointDirectory, Optional<String> savepointDirectory) {
        String checkpoints = child(checkpointDirectory, folderName(job));
        return new StateFolders(
                checkpoints,
                savepointDirectory
                        .map(directory -> child(directory, folderName(job)))
                        .orElseGet(() -> child(checkpoints, "savepoints")));
    }

    /** The folders that a job's Flink options name; empty if they name none. */
    public static Optional<StateFolders> in(Configuration options) {
        return options.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                .map(checkpoints ->
                        new StateFolders(checkpoints, options.get(CheckpointingOptions.SAVEPOINT_DIRECTORY)));
    }

    private static String child(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + '/' + name;
    }

    /** A job's name as the name of a folder; two names never share one. */
    static String folderName(String job) {
        String plain = job.replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("^\\.", "_");
        return plain.equals(job) ? job : plain + '-' + String.format(Locale.ROOT, "%08x", job.hashCode());
    }
}
