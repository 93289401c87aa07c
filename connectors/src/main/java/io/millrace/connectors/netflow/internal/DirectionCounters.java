package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.packet.PacketHeaders;

/** Bytes, packets and TCP flags of one direction of one record; delta counters win over totals. */
final class DirectionCounters {
    private static final long NONE = -1;

    private long bytes;
    private long packets;
    private int bytesRank;
    private int packetsRank;
    private int flags;

    void reset() {
        bytes = packets = NONE;
        bytesRank = packetsRank = 0;
        flags = -1;
    }

    /**
     * Takes the field if it counts.
     *
     * @param post whether to take the counters after a middlebox, which serve where there are no others
     */
    boolean accept(int element, boolean post, ByteBuffer data, int offset, int length) {
        if (length > 8) {
            return false;
        }
        int rank = rank(element, post);
        if (rank == 0) {
            return false;
        }
        long value = FieldText.unsigned(data, offset, length);
        value = value < 0 ? Long.MAX_VALUE : value;
        switch (element) {
            case 6 -> flags = (flags < 0 ? 0 : flags) | (int) value & 0xff;
            case 1, 85, 23, 352 -> {
                if (rank > bytesRank) {
                    bytes = value;
                    bytesRank = rank;
                }
            }
            default -> {
                if (rank > packetsRank) {
                    packets = value;
                    packetsRank = rank;
                }
            }
        }
        return element != 352;
    }

    private static int rank(int element, boolean post) {
        return switch (element) {
            case 1, 2, 6 -> 4;
            case 85, 86 -> 3;
            case 23, 24 -> post ? 2 : 0;
            case 352 -> 1;
            default -> 0;
        };
    }

    /** Bytes, or null if no field counted them. */
    Long bytes() {
        return bytes == NONE ? null : (Long) bytes;
    }

    /** Packets, or null if no field counted them. */
    Long packets() {
        return packets == NONE ? null : (Long) packets;
    }

    /** Flags, or null if no field told them. */
    Integer flags() {
        return flags < 0 ? null : (Integer) flags;
    }

    /** Flags of both directions or-ed together, or null if neither has any. */
    Integer flagsWith(DirectionCounters other) {
        return flags < 0 ? other.flags() : other.flags < 0 ? flags() : (Integer) (flags | other.flags);
    }

    /** Whether the direction is told to have carried nothing. */
    boolean empty() {
        return (bytes != NONE || packets != NONE) && bytes <= 0 && packets <= 0;
    }

    /** Takes a packet for the whole of the direction, where no field tells. */
    void adopt(PacketHeaders packet) {
        if (bytes == NONE && packets == NONE) {
            bytes = packet.length();
            packets = 1;
        }
        if (flags < 0 && packet.tcpFlags() != null) {
            flags = packet.tcpFlags();
        }
    }
}
