package io.millrace.connectors.pcap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class UdpDatagramsTest {
    private static final String MACS = "020000000001020000000002";
    private static final String PLAIN_WIFI = "080100000200000000010200000000020200000000030000";
    private static final byte[] PAYLOAD =
            "telemetry of a router, long enough for fragments".getBytes(StandardCharsets.US_ASCII);

    private final PacketCounts counts = new PacketCounts();

    @ParameterizedTest
    @CsvSource({
        "0, 02000000",
        "108, 00000002",
        "1, " + MACS + "0800",
        "1, " + MACS + "88a800058100000608 00",
        "1, " + MACS + "8847000010400000 2140",
        "1, " + MACS + "8864110000010040 0021",
        "1, " + MACS + "0040aaaa030000000800",
        "9, ff030021",
        "9, 21",
        "50, ff030021",
        "50, 0f000800",
        "51, 1100000100400021",
        "104, 0f000800",
        "104, 0f008847000011 40",
        "109, 020000000000000100000000",
        "113, 00000001000602000000000100000800",
        "113, 000000010006020000000001000081000006 0800",
        "127, 0000080000000000" + PLAIN_WIFI + "aaaa030000000800",
        "166, ff030021",
        "204, 010021",
        "205, 000f000800",
        "219, 00001140",
        "239, 02000000080001000800000050000900",
        "276, 0800000000000001000100060200000000010000",
        "276, 810000000000000100010006020000000001000000060800",
        "101, ''",
        "228, ''"
    })
    void theDatagramIsFoundBehindAnyLinkLayer(int linkType, String before) {
        check(linkType, before, ipv4(17, udp()));
    }

    @ParameterizedTest
    @CsvSource({
        "4, ''",
        "47, 00000800",
        "47, b0000800000000000000000100000002",
        "47, 00006558" + MACS + "0800",
        "47, 000088be" + MACS + "0800",
        "47, 100088be000000010000000000000000" + MACS + "0800",
        "47, 100022eb00000001000000000000000000000000" + MACS + "0800",
        "47, 3001880b0004000100000001ff030021",
        "47, 0000884700001140"
    })
    void theDatagramIsFoundInTunnels(int protocol, String before) {
        check(101, "", ipv4(protocol, concat(HexFormat.of().parseHex(before), ipv4(17, udp()))));
        check(101, "", ipv4(4, ipv4(protocol, concat(HexFormat.of().parseHex(before), ipv4(17, udp())))));
    }

    @Test
    void fragmentsOfBothVersionsInAnyOrderArePutTogether() {
        byte[] udp = udp();
        for (boolean six : new boolean[] {false, true}) {
            byte[][] pieces = {
                fragment(six, 7, udp, 0, 24), fragment(six, 7, udp, 24, 40), fragment(six, 7, udp, 40, udp.length)
            };
            for (int first = 0; first < 3; first++) {
                CapturedPacket[] packets = {
                    raw(1, pieces[first]),
                    raw(1, fragment(six, 8, udp, 0, 24)),
                    raw(2, pieces[(first + 1) % 3]),
                    raw(2, pieces[first]),
                    raw(3, pieces[(first + 2) % 3])
                };
                List<UdpDatagram> found = Datagrams.all(counts, packets);
                assertThat(found).hasSize(2);
                assertThat(found.get(0).complete()).isTrue();
                assertThat(payload(found.get(0))).isEqualTo(PAYLOAD);
                assertThat(found.get(1).lostFragments()).isEqualTo(1);
                assertThat(payload(found.get(1))).isEqualTo(Arrays.copyOf(PAYLOAD, 16));
            }
        }
    }

    @Test
    void aTunnelInFragmentsIsPutTogetherFirst() {
        byte[] inner = ipv4(17, udp());
        byte[] one = fragment(false, 4, 3, inner, 0, 32);
        byte[] two = fragment(false, 4, 3, inner, 32, inner.length);
        assertThat(payload(Datagrams.in(raw(1, one), raw(1, two)))).isEqualTo(PAYLOAD);
    }

    @Test
    void fragmentsWaitForAMinuteAndContradictionsAreGivenUp() {
        byte[] udp = udp();
        byte[] one = fragment(false, 7, udp, 0, 24);
        byte[] two = fragment(false, 7, udp, 24, udp.length);
        assertThat(Datagrams.all(counts, raw(1, one), raw(70, two))).allMatch(found -> !found.complete());
        byte[] overlapping = fragment(false, 7, udp, 16, udp.length);
        assertThat(Datagrams.in(raw(1, one), raw(1, overlapping), raw(1, two))
                        .payload()
                        .limit())
                .isZero();
    }

    @Test
    void whatIsNotUnderstoodIsCountedByReason() {
        CapturedPacket[] packets = {
            Datagrams.packet(0, 189, new byte[40]),
            Datagrams.packet(0, 1, HexFormat.of().parseHex(MACS + "08060001")),
            raw(0, ipv4(6, new byte[20])),
            raw(0, ipv4(47, HexFormat.of().parseHex("0000ffff00000000"))),
            raw(0, ipv4(17, new byte[3]))
        };
        assertThat(Datagrams.all(counts, packets)).isEmpty();
        assertThat(counts.counts())
                .hasToString("{malformed_udp=1, no_ip=1, other_protocol=1, unknown_link_type=1, unknown_tunnel=1}");
    }

    @Test
    void damagedPacketsThrowNothing() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] udp = udp();
        byte[][] seeds = {
            ipv4(47, concat(HexFormat.of().parseHex("00006558" + MACS + "0800"), ipv4(17, udp))),
            fragment(false, 7, udp, 0, 24),
            fragment(true, 7, udp, 24, udp.length),
            fragment(true, 7, udp, 0, 24)
        };
        int[] types = {0, 1, 9, 50, 51, 101, 104, 105, 109, 113, 127, 204, 219, 239, 276};
        UdpDatagrams datagrams =
                new UdpDatagrams(counts, found -> found.payload().limit());
        for (int i = 0; i < 100_000; i++) {
            byte[] packet = seeds[random.nextInt(seeds.length)].clone();
            for (int flips = random.nextInt(0, 5); flips > 0; flips--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
            }
            packet = random.nextInt(3) == 0 ? Arrays.copyOf(packet, random.nextInt(packet.length)) : packet;
            int type = random.nextBoolean() ? 101 : types[random.nextInt(types.length)];
            datagrams.accept(Datagrams.packet(i / 100, type, packet));
        }
        datagrams.end();
        assertThat(counts.counts()).containsKeys("no_ip", "other_protocol", "unknown_tunnel");
    }

    private void check(int linkType, String before, byte[] ip) {
        byte[] frame = concat(HexFormat.of().parseHex(before.replace(" ", "")), ip);
        UdpDatagram found = Datagrams.in(Datagrams.packet(0, linkType, frame));
        assertThat(found).as(before).isNotNull();
        assertThat(payload(found)).isEqualTo(PAYLOAD);
        assertThat(found.sourceAddress()).isEqualTo("192.0.2.1");
        assertThat(found.destinationPort()).isEqualTo(2055);
    }

    private static CapturedPacket raw(long seconds, byte[] bytes) {
        return Datagrams.packet(seconds, 101, bytes);
    }

    private static byte[] payload(UdpDatagram datagram) {
        byte[] bytes = new byte[datagram.payload().limit()];
        datagram.payload().get(0, bytes);
        return bytes;
    }

    private static byte[] udp() {
        ByteBuffer udp = ByteBuffer.allocate(8 + PAYLOAD.length);
        udp.putShort((short) 40000)
                .putShort((short) 2055)
                .putShort((short) udp.capacity())
                .putShort((short) 0);
        return udp.put(PAYLOAD).array();
    }

    private static byte[] ipv4(int protocol, byte[] payload) {
        ByteBuffer ip = ByteBuffer.allocate(20 + payload.length);
        ip.put((byte) 0x45).putShort(2, (short) ip.capacity()).put(9, (byte) protocol);
        ip.put(12, new byte[] {(byte) 192, 0, 2, 1}).put(16, new byte[] {(byte) 192, 0, 2, 2});
        return ip.position(20).put(payload).array();
    }

    private static byte[] fragment(boolean six, int id, byte[] payload, int from, int to) {
        return fragment(six, 17, id, payload, from, to);
    }

    private static byte[] fragment(boolean six, int protocol, int id, byte[] payload, int from, int to) {
        byte[] piece = Arrays.copyOfRange(payload, from, to);
        boolean more = to < payload.length;
        if (!six) {
            byte[] ip = ipv4(protocol, piece);
            ByteBuffer.wrap(ip).putShort(4, (short) id).putShort(6, (short) (from / 8 | (more ? 0x2000 : 0)));
            return ip;
        }
        ByteBuffer ip = ByteBuffer.allocate(48 + piece.length);
        ip.put((byte) 0x60)
                .putShort(4, (short) (8 + piece.length))
                .put(6, (byte) 44)
                .put(23, (byte) 1)
                .put(39, (byte) 2);
        ip.put(40, (byte) protocol)
                .putShort(42, (short) (from | (more ? 1 : 0)))
                .putInt(44, id);
        return ip.position(48).put(piece).array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
