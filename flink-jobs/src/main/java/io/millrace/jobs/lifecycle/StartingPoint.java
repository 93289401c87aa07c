package io.millrace.jobs.lifecycle;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/**
 * With what a job begins.
 *
 * @param state savepoint or checkpoint to go on from; empty to begin without
 * @param line says so to whoever started it
 */
public record StartingPoint(Optional<String> state, String line) {

    /**
     * What the one who starts a job asks for.
     *
     * @param savepoint savepoint or checkpoint to go on from; null for the newest
     * @param fresh whether to begin without state
     */
    public record Wish(String savepoint, boolean fresh) {}

    /**
     * Finds the newest state of the job: that of its present life, which began with its last start, or else what that
     * start went on from.
     *
     * @param kafkaCluster id of the Kafka cluster that the job will read from; null if it is not known
     * @throws StateException if what is there cannot be used as it is; the message has the remedy
     */
    public static StartingPoint find(StateFolders folders, Wish wish, String kafkaCluster) throws StateException {
        if (wish.savepoint() != null) {
            return named(wish.savepoint());
        }
        if (wish.fresh()) {
            return fresh(folders);
        }
        try {
            Optional<SavedState> found = newest(folders);
            if (found.isPresent()) {
                new JobNotes(folders).lastStart().ifPresent(start -> checkCluster(start.note(), kafkaCluster, folders));
            }
            return found.map(state -> new StartingPoint(Optional.of(state.uri()), "Goes on from " + state + "."))
                    .orElseGet(() -> new StartingPoint(
                            Optional.empty(), "Begins without state: none is in " + folders.checkpoints() + "."));
        } catch (UnsupportedFileSystemSchemeException unknown) {
            throw new StateException(
                    "what the job left in " + folders.checkpoints()
                            + " cannot be seen from here (no file system of that scheme; FLINK_PLUGINS_DIR names the folder of"
                            + " Flink's file system plugins): name a savepoint with --from-savepoint, or begin without with --fresh");
        } catch (IOException unreadable) {
            throw new StateException(
                    "what the job left in " + folders.checkpoints() + " cannot be read (" + Causes.of(unreadable)
                            + "): name a savepoint with --from-savepoint, or begin without with --fresh");
        }
    }

    private static StartingPoint fresh(StateFolders folders) {
        String forgotten = "";
        try {
            forgotten = newest(folders)
                    .map(state -> "; what is forgotten is " + state)
                    .orElse("");
        } catch (IOException | StateException notSeen) {
            // what cannot be seen can still be forgotten
        }
        return new StartingPoint(Optional.empty(), "Begins without state (--fresh)" + forgotten + ".");
    }

    private static StartingPoint named(String savepoint) throws StateException {
        try {
            if (SavedStates.at(new Path(savepoint), SavedState.Kind.SAVEPOINT).isEmpty()
                    && !savepoint.endsWith("/_metadata")) {
                throw new StateException("--from-savepoint: there is no savepoint or checkpoint at " + savepoint
                        + " (no file _metadata in it)");
            }
        } catch (IOException | IllegalArgumentException notSeen) {
            // the cluster may see what is not to be seen from here
        }
        return new StartingPoint(Optional.of(savepoint), "Goes on from " + savepoint + ".");
    }

    /**
     * The newest state of a job as far as it can be seen from here; empty if it has none.
     *
     * @throws IOException if its folders cannot be read
     * @throws StateException if the job went on from a state that is gone, and has none of its own yet
     */
    public static Optional<SavedState> newest(StateFolders folders) throws IOException, StateException {
        JobNotes notes = new JobNotes(folders);
        Optional<JobNotes.Noted<JobNotes.Start>> start = notes.lastStart();
        Instant since = start.map(JobNotes.Noted::at).orElse(Instant.EPOCH);
        Optional<SavedState> own = new SavedStates(folders).newest(since);
        Optional<SavedState> elsewhere = notes.lastStop()
                .filter(stop -> !stop.at().isBefore(since))
                .map(stop -> new SavedState(stop.note().savepoint(), SavedState.Kind.SAVEPOINT, stop.at()));
        if (elsewhere.isPresent()
                && own.map(state -> state.written().isBefore(elsewhere.get().written()))
                        .orElse(true)) {
            return elsewhere;
        }
        if (own.isPresent() || start.isEmpty() || start.get().note().from() == null) {
            return own;
        }
        String from = start.get().note().from();
        Optional<SavedState> before = SavedStates.at(
                new Path(from), from.contains("/chk-") ? SavedState.Kind.CHECKPOINT : SavedState.Kind.SAVEPOINT);
        if (before.isEmpty()) {
            throw new StateException("the job last went on from " + from
                    + ", which is gone, and has completed no checkpoint since: name a savepoint with --from-savepoint, or"
                    + " begin without with --fresh");
        }
        return before;
    }

    private static void checkCluster(JobNotes.Start start, String kafkaCluster, StateFolders folders) {
        if (start.kafkaCluster() != null
                && kafkaCluster != null
                && !start.kafkaCluster().equals(kafkaCluster)) {
            throw new StateException(
                    "the state in " + folders.checkpoints() + " holds positions of another Kafka cluster ("
                            + start.kafkaCluster() + "; this one is " + kafkaCluster
                            + "): give the job another name or flink.checkpoint-directory, or begin without with --fresh");
        }
    }

    /**
     * Notes that the job begins so; from now on what it left before counts no more.
     *
     * @throws IOException if the note cannot be written
     */
    public void note(StateFolders folders, String kafkaCluster) throws IOException {
        new JobNotes(folders).write(new JobNotes.Start(state.orElse(null), kafkaCluster));
    }

    /**
     * Notes that the job was stopped with a savepoint that does not lie in its own folders.
     *
     * @throws IOException if the note cannot be written
     */
    public static void noteStop(StateFolders folders, String savepoint) throws IOException {
        new JobNotes(folders).write(new JobNotes.Stop(savepoint));
    }
}
