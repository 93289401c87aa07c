package io.millrace.connectors.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

import io.millrace.connectors.packet.LinkHeaders;
import io.millrace.connectors.packet.PacketHeaders;
import io.millrace.connectors.pcap.internal.DatagramFinder;
import io.millrace.connectors.pcap.internal.LinkLayer;

/**
 * Finds the UDP datagrams in the packets of a capture, behind whatever link-layer headers, VLAN tags, labels and tunnels,
 * and puts fragments together. What holds none is counted by reason. For one capture and one thread.
 */
public final class UdpDatagrams {
    private final PacketCounts counts;
    private final DatagramFinder finder;

    /**
     * A capture of which nothing was read.
     *
     * @param sink takes the datagrams; those of a packet in fragments come with its last
     */
    public UdpDatagrams(PacketCounts counts, Consumer<UdpDatagram> sink) {
        this.counts = counts;
        this.finder = new DatagramFinder(counts, sink);
    }

    /** Takes the next packet. */
    public void accept(CapturedPacket packet) {
        ByteBuffer bytes = packet.bytes().slice().order(ByteOrder.BIG_ENDIAN);
        int at = LinkLayer.networkOffset(packet.linkType(), bytes);
        if (at == LinkLayer.UNKNOWN) {
            counts.count(PacketCounts.Reason.UNKNOWN_LINK_TYPE);
        } else if (at == LinkHeaders.NONE || PacketHeaders.inIp(bytes, at) == null) {
            counts.count(PacketCounts.Reason.NO_IP);
        } else {
            finder.find(bytes, at, packet.epochNanos());
        }
    }

    /** Gives up the packets whose other fragments did not come: the capture ends here. */
    public void end() {
        finder.end();
    }
}
