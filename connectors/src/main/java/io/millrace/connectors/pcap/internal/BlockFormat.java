package io.millrace.connectors.pcap.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.pcap.CaptureFormatException;
import io.millrace.connectors.pcap.CapturedPacket;

/** The pcapng format: blocks, of which those that carry packets or describe interfaces matter. */
public final class BlockFormat extends PacketSource {
    private static final int SECTION = 0x0a0d0d0a;
    private static final int BYTE_ORDER = 0x1a2b3c4d;
    private static final int INTERFACE = 1;
    private static final int OLD_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int TIME_RESOLUTION = 9;
    private static final int MAX_INTERFACES = 65_536;

    private record Interface(int linkType, long snapLength, int resolution) {
        /** Nanoseconds of a count of this interface's time units. */
        long nanos(long units) {
            int exponent = resolution & 0x7f;
            if ((resolution & 0x80) != 0) {
                return exponent > 62 ? 0 : (long) ((double) units / (1L << exponent) * 1e9);
            }
            if (exponent <= 9) {
                return units * (long) Math.pow(10, 9 - exponent);
            }
            return exponent > 18 ? 0 : units / (long) Math.pow(10, exponent - 9);
        }
    }

    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    public BlockFormat(InputStream in) {
        super(in);
    }

    /** Whether a file beginning so is of this format. */
    public static boolean begins(byte[] bytes) {
        return bytes.length >= 4 && ByteBuffer.wrap(bytes).getInt() == SECTION;
    }

    @Override
    public CapturedPacket next() throws IOException {
        for (ByteBuffer head = read(8, order); head != null; head = read(8, order)) {
            int type = head.getInt(0);
            if (type == SECTION) {
                section(head);
                continue;
            }
            ByteBuffer body = body(head.getInt(4), 12);
            CapturedPacket packet = null;
            if (type == INTERFACE) {
                describe(body);
            } else if (type == ENHANCED_PACKET || type == OLD_PACKET) {
                packet = packet(body, type == OLD_PACKET);
            } else if (type == SIMPLE_PACKET) {
                packet = simple(body);
            }
            if (packet != null) {
                return packet;
            }
        }
        return null;
    }

    private void section(ByteBuffer head) throws IOException {
        ByteBuffer magic = demand(4, ByteOrder.BIG_ENDIAN);
        if (magic.getInt(0) == BYTE_ORDER) {
            order = ByteOrder.BIG_ENDIAN;
        } else if (Integer.reverseBytes(magic.getInt(0)) == BYTE_ORDER) {
            order = ByteOrder.LITTLE_ENDIAN;
        } else {
            throw new CaptureFormatException("a section of unknown byte order");
        }
        interfaces.clear();
        body(head.order(order).getInt(4), 16);
    }

    /** Reads the rest of a block of which some bytes, counting the four of the closing length, are accounted for. */
    private ByteBuffer body(int total, int accounted) throws IOException {
        if (total < accounted || total > MAX_LENGTH || total % 4 != 0) {
            throw new CaptureFormatException("a block of " + Integer.toUnsignedString(total) + " bytes");
        }
        ByteBuffer body = demand(total - accounted + 4, order);
        return body.limit(total - accounted);
    }

    private void describe(ByteBuffer body) throws IOException {
        if (body.limit() < 8 || interfaces.size() == MAX_INTERFACES) {
            throw new CaptureFormatException("a wrong description of an interface");
        }
        int resolution = 6;
        int at = 8;
        while (body.limit() - at >= 4) {
            int code = body.getShort(at) & 0xffff;
            int length = body.getShort(at + 2) & 0xffff;
            if (code == 0 || length > body.limit() - at - 4) {
                break;
            }
            if (code == TIME_RESOLUTION && length >= 1) {
                resolution = body.get(at + 4) & 0xff;
            }
            at += 4 + (length + 3) / 4 * 4;
        }
        interfaces.add(new Interface(body.getShort(0) & 0xffff, body.getInt(4) & 0xffffffffL, resolution));
    }

    private CapturedPacket packet(ByteBuffer body, boolean old) throws IOException {
        if (body.limit() < 20) {
            throw new CaptureFormatException("a packet block without room for a packet");
        }
        int number = old ? body.getShort(0) & 0xffff : body.getInt(0);
        long units = (body.getInt(4) & 0xffffffffL) << 32 | body.getInt(8) & 0xffffffffL;
        int length = body.getInt(12);
        if (length < 0 || length > body.limit() - 20) {
            throw new CaptureFormatException("a packet longer than its block");
        }
        Interface from = at(number);
        return new CapturedPacket(
                from.nanos(units), from.linkType(), body.slice(20, length), body.getInt(16) & 0xffffffffL);
    }

    private CapturedPacket simple(ByteBuffer body) throws IOException {
        if (body.limit() < 4) {
            throw new CaptureFormatException("a packet block without room for a packet");
        }
        Interface from = at(0);
        long original = body.getInt(0) & 0xffffffffL;
        long length = Math.min(original, body.limit() - 4);
        if (from.snapLength() > 0) {
            length = Math.min(length, from.snapLength());
        }
        return new CapturedPacket(0, from.linkType(), body.slice(4, (int) length), original);
    }

    private Interface at(int number) throws IOException {
        if (number < 0 || number >= interfaces.size()) {
            throw new CaptureFormatException("a packet of an interface that is not described");
        }
        return interfaces.get(number);
    }
}
