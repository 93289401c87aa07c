package io.millrace.connectors.pcap.internal;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

import io.millrace.connectors.packet.LinkHeaders;
import io.millrace.connectors.packet.PacketHeaders;
import io.millrace.connectors.pcap.PacketCounts;
import io.millrace.connectors.pcap.PacketCounts.Reason;
import io.millrace.connectors.pcap.UdpDatagram;

/** Follows an IP packet through tunnels and fragments to its UDP datagram. */
public final class DatagramFinder {
    private static final int UDP = 17;
    private static final int UDP_HEADER = 8;

    /** Packets within each other that are followed: what nests deeper is made up. */
    private static final int MAX_DEPTH = 8;

    private final Fragments fragments = new Fragments();
    private final PacketCounts counts;
    private final Consumer<UdpDatagram> sink;

    public DatagramFinder(PacketCounts counts, Consumer<UdpDatagram> sink) {
        this.counts = counts;
        this.sink = sink;
    }

    /** Follows the packet whose IP header is at the index; its time is in nanoseconds since the epoch, 0 if not known. */
    public void find(ByteBuffer bytes, int at, long nanos) {
        follow(bytes, at, nanos, 0);
        giveUpLost();
    }

    /** Gives up the packets that are not whole. */
    public void end() {
        fragments.end();
        giveUpLost();
    }

    private void follow(ByteBuffer bytes, int at, long nanos, int depth) {
        PacketHeaders packet = PacketHeaders.inIp(bytes, at);
        if (packet == null || depth > MAX_DEPTH) {
            counts.count(Reason.UNKNOWN_TUNNEL);
        } else if (packet.fragment() && of(packet)) {
            ByteBuffer whole = fragments.add(packet, bytes, at, nanos);
            if (whole != null) {
                follow(whole, 0, nanos, depth + 1);
            }
        } else if (packet.protocol() == UDP) {
            udp(packet, bytes, at, 0);
        } else if (Tunnels.carries(packet.protocol())) {
            int inner = Tunnels.inside(packet, bytes);
            if (inner == LinkHeaders.NONE) {
                counts.count(Reason.UNKNOWN_TUNNEL);
            } else {
                follow(bytes, inner, nanos, depth + 1);
            }
        } else {
            counts.count(Reason.OTHER_PROTOCOL);
        }
    }

    /** Whether there may be UDP in the end; behind IPv6 only the first fragment may say what there is. */
    private static boolean of(PacketHeaders fragment) {
        return fragment.version() == 6 || fragment.protocol() == UDP || Tunnels.carries(fragment.protocol());
    }

    private void giveUpLost() {
        for (FragmentedPacket lost : fragments.lost()) {
            ByteBuffer beginning = lost.packet();
            PacketHeaders packet = beginning == null ? null : PacketHeaders.inIp(beginning, 0);
            if (packet != null && packet.protocol() == UDP) {
                udp(packet, beginning, 0, lost.count());
            } else if (packet == null || Tunnels.carries(packet.protocol())) {
                sink.accept(UdpDatagram.lost(lost.count()));
            } else {
                counts.count(Reason.OTHER_PROTOCOL);
            }
        }
    }

    private void udp(PacketHeaders packet, ByteBuffer bytes, int ip, int lostFragments) {
        int at = packet.transportAt();
        int captured = Math.min(bytes.limit(), ip + packet.length()) - at - UDP_HEADER;
        int length = captured < 0 ? -1 : (bytes.getShort(at + 4) & 0xffff) - UDP_HEADER;
        if (length < 0) {
            counts.count(Reason.MALFORMED_UDP);
            return;
        }
        sink.accept(new UdpDatagram(
                packet.sourceAddress(),
                packet.sourcePort(),
                packet.destinationPort(),
                bytes.slice(at + UDP_HEADER, Math.min(length, captured)),
                lostFragments == 0 && captured >= length,
                lostFragments));
    }
}
