package io.millrace.connectors.netflow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

import io.millrace.connectors.netflow.internal.TemplateMemory;

/**
 * Keeps the templates of a collector over its restart: many exporters announce them every half an hour alone, and until
 * then nothing of what they send could be read. The file is replaced as a whole, never written in place.
 */
public final class TemplateFile {
    /** Templates of all limits together take less. */
    private static final long MAX_BYTES = 64L << 20;

    private final Path path;
    private byte[] written;

    public TemplateFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /**
     * Tells a decoder what the file holds; nothing, if there is no file.
     *
     * @return why the file is not used, or null if all is well
     * @throws IOException if it cannot be read, or is of another kind and must not be written over
     */
    public String readInto(NetFlowDecoder decoder) throws IOException {
        byte[] bytes;
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new IOException(path + " is no file of templates: name another");
            }
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (bytes.length > 0 && (bytes.length < 4 || ByteBuffer.wrap(bytes).getInt() != TemplateMemory.MARK)) {
            throw new IOException(path + " is no file of templates: name another");
        }
        try {
            if (bytes.length > 0) {
                decoder.restore(bytes);
            }
            written = bytes;
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Writes what a decoder knows, if that is not what the file holds already. */
    public void write(byte[] memory) throws IOException {
        if (Arrays.equals(memory, written)) {
            return;
        }
        Path beside = path.resolveSibling(path.getFileName() + ".new");
        Files.write(beside, memory);
        Files.move(beside, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        written = memory;
    }
}
