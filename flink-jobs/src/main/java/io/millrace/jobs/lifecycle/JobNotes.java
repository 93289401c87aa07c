package io.millrace.jobs.lifecycle;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * What is noted beside a job's checkpoints: what it last began with, and where a savepoint is that was sent elsewhere.
 * What was written before a start belongs to an earlier life of the job, which that start went on from or forgot.
 */
final class JobNotes {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path started;
    private final Path stopped;

    /**
     * A start.
     *
     * @param from savepoint or checkpoint that it went on from; null if none
     * @param kafkaCluster id of the Kafka cluster whose offsets the state holds; null if it is not known
     */
    record Start(String from, String kafkaCluster) {}

    /**
     * A stop.
     *
     * @param savepoint where its savepoint is
     */
    record Stop(String savepoint) {}

    /**
     * A note and its time.
     *
     * @param at when it was written, by the clock of its file system
     */
    record Noted<T>(T note, Instant at) {}

    JobNotes(StateFolders folders) {
        started = new Path(folders.checkpoints(), "_started");
        stopped = new Path(folders.checkpoints(), "_stopped");
    }

    Optional<Noted<Start>> lastStart() throws IOException {
        return read(started, Start.class);
    }

    Optional<Noted<Stop>> lastStop() throws IOException {
        return read(stopped, Stop.class);
    }

    void write(Start start) throws IOException {
        write(started, start);
    }

    void write(Stop stop) throws IOException {
        write(stopped, stop);
    }

    private static <T> Optional<Noted<T>> read(Path file, Class<T> type) throws IOException {
        FileSystem files = file.getFileSystem();
        try {
            if (!files.exists(file)) {
                return Optional.empty();
            }
            Instant at = Instant.ofEpochMilli(files.getFileStatus(file).getModificationTime());
            try (InputStream in = files.open(file)) {
                return Optional.of(new Noted<>(JSON.readValue(in.readAllBytes(), type), at));
            }
        } catch (FileNotFoundException none) {
            return Optional.empty();
        }
    }

    private static void write(Path file, Object note) throws IOException {
        FileSystem files = file.getFileSystem();
        files.mkdirs(file.getParent());
        // A local file is put in place whole, in place of the one before; an object store does so by itself.
        Path target = files.isDistributedFS() ? file : file.suffix(".new");
        try (OutputStream out = files.create(target, FileSystem.WriteMode.OVERWRITE)) {
            out.write(JSON.writeValueAsBytes(note));
        }
        if (!target.equals(file)) {
            files.rename(target, file);
        }
    }
}
