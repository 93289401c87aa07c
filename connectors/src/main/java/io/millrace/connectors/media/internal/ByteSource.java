package io.millrace.connectors.media.internal;

import java.io.Closeable;
import java.io.IOException;

/** Where the bytes of an input come from: a file, or a stream. */
public interface ByteSource extends Closeable {

    /** The first bytes, before anything has been read, which stay unread; fewer at the end only. */
    byte[] peek(int count) throws IOException;

    /** Reads 1 to length bytes into an array from its beginning on; -1 at the end. */
    int read(byte[] into, int length) throws IOException;

    /** Whether a read would have to wait. */
    boolean waits() throws IOException;

    /** Index of the next byte that is read. */
    long position() throws IOException;

    /** Length of the input in bytes, -1 if it has none: then {@link #seek} cannot be called. */
    long size() throws IOException;

    /** Moves to a byte. */
    void seek(long position) throws IOException;
}
