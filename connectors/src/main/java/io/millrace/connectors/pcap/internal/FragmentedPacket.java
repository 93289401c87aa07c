package io.millrace.connectors.pcap.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import io.millrace.connectors.packet.PacketHeaders;

/** The fragments of one IP packet, as far as they came. */
final class FragmentedPacket {
    private static final int MAX_PAYLOAD = 65_535 - 60;
    private static final int MAX_FRAGMENTS = 8192;

    private final long since;
    private final Map<Integer, byte[]> pieces = new TreeMap<>();
    private byte[] header;
    private int total = -1;
    private int held;
    private int count;
    private boolean broken;

    FragmentedPacket(long since) {
        this.since = since;
    }

    /** Time of the first fragment that came, nanoseconds. */
    long since() {
        return since;
    }

    /** Bytes of payload held. */
    int held() {
        return held;
    }

    /** Fragments that came. */
    int count() {
        return count;
    }

    /** Takes a fragment; one that contradicts others breaks the packet, as RFC 5722 asks. */
    void add(PacketHeaders fragment, ByteBuffer bytes, int at) {
        count++;
        if (fragment.transportAt() > bytes.limit()) {
            broken = true;
            return;
        }
        int end = Math.min(bytes.limit(), at + fragment.length());
        byte[] piece = new byte[Math.max(0, end - fragment.transportAt())];
        bytes.get(fragment.transportAt(), piece);
        int offset = fragment.fragmentOffset();
        byte[] same = pieces.get(offset);
        if (same != null && Arrays.equals(same, piece)) {
            return;
        }
        boolean overlaps = pieces.entrySet().stream()
                .anyMatch(other ->
                        other.getKey() < offset + piece.length && offset < other.getKey() + other.getValue().length);
        if (same != null || overlaps || offset + piece.length > MAX_PAYLOAD || pieces.size() == MAX_FRAGMENTS) {
            broken = true;
            return;
        }
        pieces.put(offset, piece);
        held += piece.length;
        if (!fragment.moreFragments() && at + fragment.length() <= bytes.limit()) {
            total = offset + piece.length;
        }
        if (offset == 0) {
            header = new byte[fragment.version() == 4 ? fragment.transportAt() - at : 40];
            bytes.get(at, header);
            if (fragment.version() == 6) {
                header[6] = (byte) fragment.protocol();
            }
        }
    }

    /** Whether all of the packet is there. */
    boolean complete() {
        return !broken && header != null && held == total;
    }

    /** The packet, or its beginning as far as it came in one piece; null if that is missing. */
    ByteBuffer packet() {
        if (header == null || broken) {
            return null;
        }
        ByteBuffer packet = ByteBuffer.allocate(header.length + held).put(header);
        for (Map.Entry<Integer, byte[]> piece : pieces.entrySet()) {
            if (piece.getKey() != packet.position() - header.length) {
                break;
            }
            packet.put(piece.getValue());
        }
        packet.flip();
        boolean version4 = header[0] >> 4 == 4;
        packet.putShort(version4 ? 2 : 4, (short) (version4 ? packet.limit() : packet.limit() - 40));
        return version4 ? packet.putShort(6, (short) 0) : packet;
    }
}
