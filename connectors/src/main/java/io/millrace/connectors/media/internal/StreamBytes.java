package io.millrace.connectors.media.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import io.millrace.connectors.media.MediaFormatException;

/** The bytes of a stream as they come. */
public final class StreamBytes implements ByteSource {
    private final InputStream stream;
    private final long limit;
    private byte[] ahead = new byte[0];
    private long position;

    /**
     * A stream, closed with this.
     *
     * @param limit most bytes that are read
     */
    public StreamBytes(InputStream stream, long limit) {
        this.stream = stream;
        this.limit = limit;
    }

    @Override
    public byte[] peek(int count) throws IOException {
        ahead = stream.readNBytes(count);
        return ahead;
    }

    @Override
    public int read(byte[] into, int length) throws IOException {
        if (position >= limit) {
            if (stream.read() < 0) {
                return -1;
            }
            throw new MediaFormatException("the input is longer than the limit of " + limit + " bytes");
        }
        int most = (int) Math.min(length, limit - position);
        int count;
        if (ahead.length > 0) {
            count = Math.min(most, ahead.length);
            System.arraycopy(ahead, 0, into, 0, count);
            ahead = Arrays.copyOfRange(ahead, count, ahead.length);
        } else {
            count = stream.read(into, 0, most);
        }
        position += Math.max(0, count);
        return count;
    }

    @Override
    public boolean waits() throws IOException {
        return ahead.length == 0 && stream.available() == 0;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long size() {
        return -1;
    }

    @Override
    public void seek(long to) throws IOException {
        throw new IOException("there is no way to move in a stream");
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
