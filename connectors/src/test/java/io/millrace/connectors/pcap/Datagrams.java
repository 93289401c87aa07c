package io.millrace.connectors.pcap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The datagrams of a few packets. */
final class Datagrams {
    private Datagrams() {}

    /** The only datagram of packets, or null. */
    static UdpDatagram in(CapturedPacket... packets) {
        List<UdpDatagram> found = all(new PacketCounts(), packets);
        if (found.size() > 1) {
            throw new AssertionError("several datagrams");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    static List<UdpDatagram> all(PacketCounts counts, CapturedPacket... packets) {
        List<UdpDatagram> found = new ArrayList<>();
        UdpDatagrams datagrams = new UdpDatagrams(counts, found::add);
        for (CapturedPacket packet : packets) {
            datagrams.accept(packet);
        }
        datagrams.end();
        return found;
    }

    static CapturedPacket packet(long seconds, int linkType, byte[] bytes) {
        return new CapturedPacket(seconds * 1_000_000_000L, linkType, ByteBuffer.wrap(bytes), bytes.length);
    }
}
