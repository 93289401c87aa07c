package io.millrace.connectors.pcap;

import java.nio.ByteBuffer;

/**
 * A UDP datagram found in captured packets.
 *
 * @param sourceAddress sender's address as text
 * @param sourcePort sender's port
 * @param destinationPort receiver's port
 * @param payload captured payload, from position 0 to the limit
 * @param complete whether the capture holds the whole payload
 * @param lostFragments fragments of a packet whose others are missing, of which the payload is what came from the
 *     beginning on; 0 for a packet in one piece or put together
 */
public record UdpDatagram(
        String sourceAddress,
        int sourcePort,
        int destinationPort,
        ByteBuffer payload,
        boolean complete,
        int lostFragments) {

    /** Fragments of a packet whose beginning is missing, so that nobody knows what it was. */
    public static UdpDatagram lost(int fragments) {
        return new UdpDatagram("", 0, 0, ByteBuffer.allocate(0), false, fragments);
    }
}
