package io.millrace.connectors.pcap.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.millrace.connectors.pcap.CaptureFormatException;
import io.millrace.connectors.pcap.CapturedPacket;

/** The pcap format: a file header of 24 bytes, then packets behind headers of 16 bytes. */
public final class ClassicFormat extends PacketSource {
    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;

    private final ByteOrder order;
    private final long fractionNanos;
    private final int linkType;

    public ClassicFormat(InputStream in) throws IOException {
        super(in);
        ByteBuffer header = demand(24, ByteOrder.BIG_ENDIAN);
        int magic = header.getInt(0);
        boolean big = magic == MICROSECONDS || magic == NANOSECONDS;
        this.order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        this.fractionNanos = header.order(order).getInt(0) == NANOSECONDS ? 1 : 1000;
        this.linkType = header.getInt(20) & 0xffff;
    }

    /** Whether a file beginning so is of this format. */
    public static boolean begins(byte[] bytes) {
        if (bytes.length < 4) {
            return false;
        }
        int magic = ByteBuffer.wrap(bytes).getInt();
        int reversed = Integer.reverseBytes(magic);
        return magic == MICROSECONDS || magic == NANOSECONDS || reversed == MICROSECONDS || reversed == NANOSECONDS;
    }

    @Override
    public CapturedPacket next() throws IOException {
        ByteBuffer header = read(16, order);
        if (header == null) {
            return null;
        }
        int length = header.getInt(8);
        if (length < 0 || length > MAX_LENGTH) {
            throw new CaptureFormatException("a packet of " + Integer.toUnsignedString(length) + " bytes");
        }
        ByteBuffer bytes = demand(length, ByteOrder.BIG_ENDIAN);
        long nanos =
                (header.getInt(0) & 0xffffffffL) * 1_000_000_000L + (header.getInt(4) & 0xffffffffL) * fractionNanos;
        return new CapturedPacket(nanos, linkType, bytes, header.getInt(12) & 0xffffffffL);
    }
}
