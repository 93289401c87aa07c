package io.millrace.jobs.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder for temporary files of this process. It is deleted when it is closed; what a killed process left behind is
 * deleted when the next one makes its folder. All lie in one folder a user, below {@code java.io.tmpdir}.
 *
 * <p>A process holds a lock on the file beside its folder for as long as it lives, however it ends.
 */
public final class ProcessFolder implements AutoCloseable {
    private static final String LOCK = ".lock";
    private static final Set<Path> OWN = new HashSet<>();

    private final Path folder;
    private final Path lockFile;
    private final FileChannel held;

    private ProcessFolder(Path folder, Path lockFile, FileChannel held) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.held = held;
    }

    /**
     * Makes one.
     *
     * @param purpose first part of its name
     */
    public static ProcessFolder create(String purpose) throws IOException {
        return create(
                Path.of(System.getProperty("java.io.tmpdir"), "millrace-" + System.getProperty("user.name")), purpose);
    }

    static synchronized ProcessFolder create(Path all, String purpose) throws IOException {
        Files.createDirectories(all);
        try (FileChannel guard =
                        FileChannel.open(all.resolve("guard"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = guard.lock()) {
            sweep(all);
            Path folder = Files.createTempDirectory(all, purpose + "-").toAbsolutePath();
            Path lockFile = folder.resolveSibling(folder.getFileName() + LOCK);
            FileChannel held = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (held.tryLock() == null) {
                throw new IOException(lockFile + " is locked");
            }
            OWN.add(lockFile);
            return new ProcessFolder(folder, lockFile, held);
        }
    }

    private static void sweep(Path all) throws IOException {
        List<Path> lockFiles;
        try (Stream<Path> files = Files.list(all)) {
            lockFiles = files.filter(file -> file.toString().endsWith(LOCK))
                    .map(Path::toAbsolutePath)
                    .filter(file ->
                            !OWN.contains(file)) // closing a file gives up every lock that this process has on it
                    .toList();
        }
        for (Path lockFile : lockFiles) {
            try (FileChannel other = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                    FileLock lock = other.tryLock()) {
                if (lock != null) {
                    String name = lockFile.getFileName().toString();
                    delete(lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length())));
                    Files.deleteIfExists(lockFile);
                }
            }
        }
    }

    /** Where it is. */
    public Path path() {
        return folder;
    }

    /** Deletes it with all that is in it, as far as it lets itself be deleted. */
    @Override
    public void close() throws IOException {
        synchronized (ProcessFolder.class) {
            if (OWN.remove(lockFile)) {
                delete(folder);
                Files.deleteIfExists(lockFile);
                held.close();
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        } catch (java.io.UncheckedIOException vanishing) {
            return; // files come and go while their owner ends; the next start finds the rest
        }
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException busy) {
                // the next start finds it
            }
        }
    }
}
