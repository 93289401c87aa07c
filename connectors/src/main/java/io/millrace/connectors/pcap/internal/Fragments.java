package io.millrace.connectors.pcap.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.packet.PacketHeaders;

/**
 * Puts IP fragments together (RFC 815, RFC 8200 4.5) in bounded memory: so many packets and bytes at once, and for a minute
 * of the capture's time; what does not become whole is given up, the oldest first.
 */
final class Fragments {
    private static final int MAX_PACKETS = 4096;
    private static final long MAX_BYTES = 32L << 20;
    private static final long TIMEOUT_NANOS = 60_000_000_000L;

    private record Key(int version, String from, String to, int protocol, int identification) {}

    private final Map<Key, FragmentedPacket> packets = new LinkedHashMap<>();
    private final List<FragmentedPacket> lost = new ArrayList<>();
    private long held;

    /**
     * Takes the fragment whose IP header is at the index.
     *
     * @param nanos its time, nanoseconds since the epoch; 0 if not known
     * @return the whole packet, if this fragment was the last missing, or null
     */
    ByteBuffer add(PacketHeaders fragment, ByteBuffer bytes, int at, long nanos) {
        expire(nanos);
        Key key = new Key(
                fragment.version(),
                fragment.sourceAddress(),
                fragment.destinationAddress(),
                fragment.version() == 4 ? fragment.protocol() : 0,
                fragment.identification());
        FragmentedPacket packet = packets.computeIfAbsent(key, any -> new FragmentedPacket(nanos));
        held -= packet.held();
        packet.add(fragment, bytes, at);
        held += packet.held();
        if (packet.complete()) {
            held -= packet.held();
            packets.remove(key);
            return packet.packet();
        }
        while (packets.size() > MAX_PACKETS || held > MAX_BYTES) {
            giveUp(packets.keySet().iterator().next());
        }
        return null;
    }

    /** Gives up all packets that are not whole. */
    void end() {
        while (!packets.isEmpty()) {
            giveUp(packets.keySet().iterator().next());
        }
    }

    /** The packets given up since the last call. */
    List<FragmentedPacket> lost() {
        List<FragmentedPacket> given = List.copyOf(lost);
        lost.clear();
        return given;
    }

    private void expire(long nanos) {
        while (!packets.isEmpty()) {
            Map.Entry<Key, FragmentedPacket> oldest =
                    packets.entrySet().iterator().next();
            if (nanos - oldest.getValue().since() <= TIMEOUT_NANOS) {
                return;
            }
            giveUp(oldest.getKey());
        }
    }

    private void giveUp(Key key) {
        FragmentedPacket packet = packets.remove(key);
        held -= packet.held();
        lost.add(packet);
    }
}
