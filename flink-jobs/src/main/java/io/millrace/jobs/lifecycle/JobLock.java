package io.millrace.jobs.lifecycle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Held while a job runs in a process of this machine, so that a second of the same name on the same Kafka cluster can be
 * refused. The operating system gives it up when the process ends, however it ends.
 */
public final class JobLock implements AutoCloseable {
    private static final Set<Path> OWN = new HashSet<>();

    private final Path file;
    private final FileChannel held;

    private JobLock(Path file, FileChannel held) {
        this.file = file;
        this.held = held;
    }

    /**
     * Takes the lock of a job.
     *
     * @param folder where locks lie; made if it is not there
     * @return null if another holds it
     * @throws IOException if the folder cannot be written
     */
    public static JobLock take(Path folder, String job, String kafkaCluster) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(StateFolders.folderName(job) + "@" + StateFolders.folderName(kafkaCluster) + ".lock")
                .toAbsolutePath();
        synchronized (OWN) {
            // a second channel on the file would, when closed, give up the first one's lock
            if (OWN.contains(file)) {
                return null;
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) {
                    channel.close();
                    return null;
                }
            } catch (OverlappingFileLockException held) {
                channel.close();
                return null;
            }
            OWN.add(file);
            return new JobLock(file, channel);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (OWN) {
            OWN.remove(file);
            held.close();
        }
    }
}
