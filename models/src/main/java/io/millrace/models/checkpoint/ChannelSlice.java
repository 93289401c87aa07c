package io.millrace.models.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A member of an archive as a channel of its own, read from the archive's channel without a copy. */
public final class ChannelSlice implements SeekableByteChannel {

    private final SeekableByteChannel source;
    private final long start;
    private final long size;
    private long position;
    private boolean open = true;

    /** Bytes {@code start} to {@code start + size} of the source, which stays open when the slice is closed. */
    public ChannelSlice(SeekableByteChannel source, long start, long size) {
        this.source = source;
        this.start = start;
        this.size = size;
    }

    /** Bytes of a channel; the caller has made sure that the channel is that long. */
    public static ByteBuffer read(SeekableByteChannel channel, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        channel.position(offset);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("file ends at byte " + (offset + bytes.position()));
            }
        }
        return bytes.flip();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (position >= size) {
            return -1;
        }
        int wanted = (int) Math.min(target.remaining(), size - position);
        ByteBuffer window = target.slice(target.position(), wanted);
        source.position(start + position);
        int read = source.read(window);
        if (read > 0) {
            target.position(target.position() + read);
            position += read;
        }
        return read;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
        if (newPosition < 0) {
            throw new IllegalArgumentException("position " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public int write(ByteBuffer bytes) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
        throw new NonWritableChannelException();
    }
}
