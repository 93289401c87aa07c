package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

/** Where the parts of an sFlow datagram stand: 32-bit numbers, and structures behind their format and length. */
final class SFlowLayout {
    /** The first four bytes of a datagram. */
    static final int VERSION_5 = 5;

    /** Bytes between the agent's address and the first sample: sub-agent, sequence, uptime, number of samples. */
    static final int BEHIND_AGENT = 16;

    private SFlowLayout() {}

    /** Whether bytes begin like a datagram: version 5 and an address of a known type, and room for a header. */
    static boolean begins(ByteBuffer data) {
        return data.limit() >= 24 && data.getInt(0) == VERSION_5 && behindAgent(data) >= 0;
    }

    /** Index behind the agent's address, or -1 if the header does not fit. */
    static int behindAgent(ByteBuffer data) {
        if (data.limit() < 8) {
            return -1;
        }
        int at =
                switch (data.getInt(4)) {
                    case 0 -> 8;
                    case 1 -> 12;
                    case 2 -> 24;
                    default -> -1;
                };
        return at >= 0 && data.limit() - at >= BEHIND_AGENT ? at : -1;
    }

    /** Bytes of the structure whose format and length stand at the index, or -1 if it does not fit. */
    static int length(ByteBuffer data, int at) {
        if (data.limit() - at < 8) {
            return -1;
        }
        int length = data.getInt(at + 4);
        return length < 0 || length > data.limit() - at - 8 ? -1 : length;
    }
}
