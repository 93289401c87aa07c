package io.millrace.jobs.lifecycle;

import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The savepoints and retained checkpoints of one job, on whatever file system they lie. */
public final class SavedStates {
    private static final Logger LOG = LoggerFactory.getLogger(SavedStates.class);
    private static final String METADATA = "_metadata";

    private final StateFolders folders;

    public SavedStates(StateFolders folders) {
        this.folders = folders;
    }

    /**
     * The one that was completed last; one whose metadata is missing or cut short is passed over.
     *
     * @param since leaves out what was written before
     * @throws IOException if a folder is there and cannot be read, or its file system is not known here
     */
    public Optional<SavedState> newest(Instant since) throws IOException {
        List<SavedState> all = new ArrayList<>();
        for (FileStatus run : children(new Path(folders.checkpoints()))) {
            collect(run.getPath(), "chk-", SavedState.Kind.CHECKPOINT, all);
        }
        collect(new Path(folders.savepoints()), "savepoint-", SavedState.Kind.SAVEPOINT, all);
        return all.stream()
                .filter(state -> !state.written().isBefore(since))
                .sorted(Comparator.comparing(SavedState::written).reversed())
                .filter(SavedStates::isWhole)
                .findFirst();
    }

    private static void collect(Path folder, String prefix, SavedState.Kind kind, List<SavedState> found)
            throws IOException {
        for (FileStatus child : children(folder)) {
            if (child.getPath().getName().startsWith(prefix)) {
                at(child.getPath(), kind).ifPresent(found::add);
            }
        }
    }

    /** The savepoint or checkpoint in a folder; empty if it is not complete. */
    static Optional<SavedState> at(Path folder, SavedState.Kind kind) throws IOException {
        try {
            FileStatus metadata = folder.getFileSystem().getFileStatus(new Path(folder, METADATA));
            return Optional.of(new SavedState(
                    folder.toUri().toString(), kind, Instant.ofEpochMilli(metadata.getModificationTime())));
        } catch (FileNotFoundException incomplete) {
            return Optional.empty();
        }
    }

    private static List<FileStatus> children(Path folder) throws IOException {
        FileSystem files = folder.getFileSystem();
        try {
            FileStatus[] children = files.exists(folder) ? files.listStatus(folder) : null;
            return children == null
                    ? List.of()
                    : List.of(children).stream().filter(FileStatus::isDir).toList();
        } catch (FileNotFoundException gone) {
            return List.of();
        }
    }

    private static boolean isWhole(SavedState state) {
        Path metadata = new Path(new Path(state.uri()), METADATA);
        try (FSDataInputStream in = metadata.getFileSystem().open(metadata);
                DataInputStream data = new DataInputStream(in)) {
            Checkpoints.loadCheckpointMetadata(data, SavedStates.class.getClassLoader(), state.uri());
            return true;
        } catch (IOException | RuntimeException torn) {
            LOG.warn("{} is not complete and is passed over: {}", state, torn.toString());
            return false;
        }
    }
}
