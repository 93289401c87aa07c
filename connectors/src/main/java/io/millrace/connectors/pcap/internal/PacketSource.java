package io.millrace.connectors.pcap.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.millrace.connectors.pcap.CaptureFormatException;
import io.millrace.connectors.pcap.CapturedPacket;

/** The packets of one capture format. */
public abstract class PacketSource {
    /** Longest packet or block that is believed. */
    static final int MAX_LENGTH = 1 << 24;

    private final InputStream in;

    PacketSource(InputStream in) {
        this.in = in;
    }

    /** The next packet, or null at the end. */
    public abstract CapturedPacket next() throws IOException;

    /** Reads exactly so many bytes; null if the stream is at its end already. */
    final ByteBuffer read(int length, ByteOrder order) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length == 0 && length > 0) {
            return null;
        }
        if (bytes.length < length) {
            throw new CaptureFormatException("the capture breaks off within a packet");
        }
        return ByteBuffer.wrap(bytes).order(order);
    }

    /** Reads exactly so many bytes, which must be there. */
    final ByteBuffer demand(int length, ByteOrder order) throws IOException {
        ByteBuffer bytes = read(length, order);
        if (bytes == null) {
            throw new CaptureFormatException("the capture breaks off within a packet");
        }
        return bytes;
    }
}
