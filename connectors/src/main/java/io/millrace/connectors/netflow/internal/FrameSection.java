package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.packet.LinkHeaders;
import io.millrace.connectors.packet.PacketHeaders;

/**
 * The piece of a packet that a record may carry (PSAMP, RFC 5477, 8.5; Cisco's element 104 before it), for records that
 * have no other fields to tell their hosts.
 */
final class FrameSection {
    private static final int ETHERNET = 1;
    private static final long NONE = -1;

    private int element;
    private ByteBuffer section;
    private long frameType;
    private long sectionOffset;

    void reset() {
        section = null;
        frameType = sectionOffset = NONE;
    }

    /** Remembers the field if it is a section or describes one. It stays an attribute of the flow too. */
    void note(int field, ByteBuffer bytes, int offset, int length) {
        switch (field) {
            case 104, 313, 315, 317 -> {
                if (section == null) {
                    element = field;
                    section = bytes.slice(offset, length);
                }
            }
            case 102, 409 -> sectionOffset = length <= 8 ? FieldText.unsigned(bytes, offset, length) : NONE;
            case 408 -> frameType = length <= 8 ? FieldText.unsigned(bytes, offset, length) : NONE;
            default -> {}
        }
    }

    /** The packet whose headers the section holds, or null if it holds none that are understood. */
    PacketHeaders packet() {
        if (section == null || sectionOffset > 0 || frameType != NONE && frameType != ETHERNET && element == 315) {
            return null;
        }
        return switch (element) {
            case 313 -> PacketHeaders.inIp(section, 0);
            case 317 -> PacketHeaders.inIp(section, LinkHeaders.ip(section, 0));
            default -> PacketHeaders.inEthernet(section, 0);
        };
    }
}
