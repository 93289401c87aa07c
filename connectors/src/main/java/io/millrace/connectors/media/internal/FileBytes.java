package io.millrace.connectors.media.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

import io.millrace.connectors.media.MediaFormatException;

/** The bytes of a file. */
public final class FileBytes implements ByteSource {
    private final SeekableByteChannel file;

    /**
     * A file, closed with this.
     *
     * @throws MediaFormatException if it is longer than the limit, in bytes
     */
    public FileBytes(SeekableByteChannel file, long limit) throws IOException {
        this.file = file;
        if (file.size() > limit) {
            throw new MediaFormatException("its " + file.size() + " bytes are beyond the limit of " + limit);
        }
    }

    @Override
    public byte[] peek(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        int got = 0;
        while (bytes.hasRemaining() && got >= 0) {
            got = file.read(bytes);
        }
        file.position(0);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    @Override
    public int read(byte[] into, int length) throws IOException {
        return file.read(ByteBuffer.wrap(into, 0, length));
    }

    @Override
    public boolean waits() {
        return false;
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public void seek(long position) throws IOException {
        file.position(position);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
