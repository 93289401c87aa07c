package io.millrace.jobs.intrusion;

import java.nio.ByteBuffer;

/** Datagrams of NetFlow version 5, made field by field as its format has them. */
final class V5 {
    /** Seconds since 1970 at which they are exported: 2026-01-05T09:00:00Z. */
    static final int EXPORTED = 1_767_603_600;

    private static final int UPTIME = 100_000;

    private V5() {}

    /** One datagram with a flow of TCP from 10.0.0.1:40000 to 192.0.2.7:443, and one back if asked for. */
    static byte[] datagram(int sequence, boolean answered) {
        ByteBuffer bytes = ByteBuffer.allocate(24 + (answered ? 2 : 1) * 48);
        bytes.putShort((short) 5).putShort((short) (answered ? 2 : 1)).putInt(UPTIME);
        bytes.putInt(EXPORTED).putInt(0).putInt(sequence).putInt(0).putShort((short) 0);
        record(bytes.position(24), 0x0a000001, 40_000, 0xc0000207, 443, 7, 700);
        if (answered) {
            record(bytes, 0xc0000207, 443, 0x0a000001, 40_000, 5, 5000);
        }
        return bytes.array();
    }

    private static void record(ByteBuffer bytes, int from, int port, int to, int toPort, int packets, int octets) {
        bytes.putInt(from).putInt(to).putInt(0).putShort((short) 1).putShort((short) 2);
        bytes.putInt(packets).putInt(octets).putInt(UPTIME - 3000).putInt(UPTIME - 1000);
        bytes.putShort((short) port).putShort((short) toPort).put((byte) 0).put((byte) 0x1b);
        bytes.put((byte) 6).put((byte) 0).putShort((short) 0).putShort((short) 0);
        bytes.put((byte) 0).put((byte) 0).putShort((short) 0);
    }
}
