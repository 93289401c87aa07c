package io.millrace.operators.inference;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;

/**
 * The folder of a model where it can be read: the folder itself, or a copy of one that lies on an object store or another
 * remote file system, which lasts until this is closed. A location with a scheme ({@code s3://models/flows/7}) is read by
 * Flink's file-system plugins.
 */
public final class FetchedFolder implements AutoCloseable {

    /** A model is larger than this by mistake only: the copy must not fill the disk. */
    private static final long MOST_BYTES = 16L << 30;

    private static final int MOST_FILES = 1_000;

    private final Path path;
    private final boolean isCopy;

    private FetchedFolder(Path path, boolean isCopy) {
        this.path = path;
        this.isCopy = isCopy;
    }

    /**
     * Opens a folder.
     *
     * @param location a directory, or a URI of a file system that Flink knows
     * @throws IOException if a remote folder cannot be read; that a local one is missing shows when it is read
     */
    public static FetchedFolder open(String location) throws IOException {
        if (!location.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
            return new FetchedFolder(Path.of(location), false);
        }
        URI uri = URI.create(location);
        return uri.getScheme().equals("file") ? new FetchedFolder(Path.of(uri.getPath()), false) : copied(uri);
    }

    private static FetchedFolder copied(URI uri) throws IOException {
        FileSystem remote;
        FileStatus[] files;
        org.apache.flink.core.fs.Path folder = new org.apache.flink.core.fs.Path(uri);
        try {
            remote = folder.getFileSystem();
            files = remote.listStatus(folder);
        } catch (IOException failure) {
            throw new IOException("the model folder " + uri + " cannot be read: " + failure.getMessage(), failure);
        }
        if (files == null || files.length == 0) {
            throw new IOException("there is no model folder " + uri);
        }
        checkSize(uri, files);
        FetchedFolder copy = new FetchedFolder(Files.createTempDirectory("millrace-model"), true);
        try {
            for (FileStatus file : files) {
                if (!file.isDir()) {
                    try (InputStream bytes = remote.open(file.getPath())) {
                        Files.copy(bytes, copy.path.resolve(file.getPath().getName()));
                    }
                }
            }
            return copy;
        } catch (IOException | RuntimeException failure) {
            copy.close();
            throw failure;
        }
    }

    private static void checkSize(URI uri, FileStatus[] files) throws IOException {
        long bytes = 0;
        for (FileStatus file : files) {
            bytes += file.isDir() ? 0 : file.getLen();
        }
        if (bytes > MOST_BYTES || files.length > MOST_FILES) {
            throw new IOException(uri + " holds " + files.length + " files of " + bytes + " bytes, a model has at most "
                    + MOST_FILES + " of " + MOST_BYTES + ": name the folder of the model itself");
        }
    }

    /** The folder on this machine. */
    public Path path() {
        return path;
    }

    /** Deletes the copy, if this is one. */
    @Override
    public void close() throws IOException {
        if (!isCopy) {
            return;
        }
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(path);
    }
}
