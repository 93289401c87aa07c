package io.millrace.connectors.netflow.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.netflow.ExportSource;

/** One connection of an exporter: IPFIX messages one behind the other, each with its length in its header. */
final class StreamConnection {
    private static final int IPFIX = 10;
    private static final int HEADER = 16;
    private static final int MAX_MESSAGE = 65_535;
    private static final int FIRST_BUFFER = 2048;

    private final SocketChannel channel;
    private final ExportSource source;
    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BUFFER);
    private boolean broken;

    StreamConnection(SocketChannel channel, InetSocketAddress from) {
        this.channel = channel;
        this.source = ExportSource.stream(AddressText.of(from.getAddress()), from.getPort());
    }

    ExportSource source() {
        return source;
    }

    /** Reads what has come; false at the end of the stream. The buffer grows as messages need it, up to the longest. */
    boolean fill() throws IOException {
        if (!buffer.hasRemaining() && buffer.capacity() < MAX_MESSAGE) {
            ByteBuffer larger = ByteBuffer.allocate(Math.min(MAX_MESSAGE, buffer.capacity() * 4));
            buffer = larger.put(buffer.flip());
        }
        return channel.read(buffer) >= 0;
    }

    /** Takes out the next message that has come whole; null if there is none. */
    byte[] next() {
        if (broken || buffer.position() < 4) {
            return null;
        }
        int length = buffer.getShort(2) & 0xffff;
        if (buffer.getShort(0) != IPFIX || length < HEADER) {
            broken = true;
            return null;
        }
        if (buffer.position() < length) {
            return null;
        }
        byte[] message = new byte[length];
        buffer.flip().get(message);
        buffer.compact();
        return message;
    }

    /** Whether what came is no IPFIX, after which nothing can be read. */
    boolean broken() {
        return broken;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The connection is given up either way.
        }
    }
}
