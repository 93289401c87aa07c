package io.millrace.connectors.packet;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PacketHeadersTest {
    /** 198.51.100.10:40000 to 203.0.113.20:53, UDP, 33 bytes of which five are payload, type of service 0x20. */
    private static final String UDP4 = "45200021000100004011147dc633640acb007114" + "9c400035000d000068656c6c6f";

    private static final String MACS = "020000000001" + "020000000002";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Ethernet,                 0800",
        "one VLAN tag,             8100 0064 0800",
        "stacked tags,             88a8 0064 8100 0065 0800",
        "three old tags,           9100 0001 9200 0002 8100 0003 0800",
        "MPLS,                     8847 00064040 000c8140",
        "PPPoE,                    8864 1100 0001 0023 0021",
        "PPPoE within a VLAN,      8100 0007 8864 1100 0001 0023 0021",
        "SNAP,                     0029 aaaa 0300 0000 0800",
        "Ethernet within MPLS,     8847 00064140 00000000 020000000003 020000000004 0800",
    })
    void theIpHeaderIsFoundBehindWhateverStandsBefore(String name, String headers) {
        String labels = headers.replace(" ", "");
        PacketHeaders packet = PacketHeaders.inEthernet(bytes("ff" + MACS + labels + UDP4), 1);
        assertThat(packet).as(name).isNotNull();
        assertThat(packet.sourceAddress()).isEqualTo("198.51.100.10");
        assertThat(packet.destinationAddress()).isEqualTo("203.0.113.20");
        assertThat(packet.sourcePort()).isEqualTo(40_000);
        assertThat(packet.destinationPort()).isEqualTo(53);
        assertThat(packet.protocol()).isEqualTo(17);
        assertThat(packet.length()).isEqualTo(33);
        assertThat(packet.typeOfService()).isEqualTo(0x20);
        assertThat(packet.fragment()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ff030021", "0021", "21", "ff0321"})
    void pppMayLeaveOutAndShortenItsFields(String header) {
        assertThat(PacketHeaders.inIp(bytes(header + UDP4), LinkHeaders.behindPpp(bytes(header + UDP4), 0)))
                .isNotNull();
    }

    @Test
    void ipv6ExtensionHeadersAreSteppedOver() {
        String address = "20010db8000000000000000000000001" + "00000000000000000000ffffc633640a";
        String options = "2c00000000000000" + "0600000100000007";
        String tcp = "1f9001bb" + "00000000" + "00000000" + "5012" + "000000000000";
        PacketHeaders packet = PacketHeaders.inIp(bytes("62000000" + "0024" + "0040" + address + options + tcp), 0);
        assertThat(packet.sourceAddress()).isEqualTo("2001:db8::1");
        assertThat(packet.destinationAddress()).isEqualTo("198.51.100.10");
        assertThat(packet.protocol()).isEqualTo(6);
        assertThat(packet.typeOfService()).isEqualTo(0x20);
        assertThat(packet.sourcePort()).isEqualTo(8080);
        assertThat(packet.destinationPort()).isEqualTo(443);
        assertThat(packet.tcpFlags()).isEqualTo(0x12);
        assertThat(packet.length()).isEqualTo(76);
        assertThat(packet.moreFragments()).isTrue();
        assertThat(packet.fragmentOffset()).isZero();
        assertThat(packet.identification()).isEqualTo(7);
    }

    @Test
    void aLaterFragmentHasNoPorts() {
        String later = UDP4.replace("00010000", "00012005");
        PacketHeaders packet = PacketHeaders.inIp(bytes(later), 0);
        assertThat(packet.fragmentOffset()).isEqualTo(40);
        assertThat(packet.moreFragments()).isTrue();
        assertThat(packet.sourcePort()).isNull();
        assertThat(packet.transportAt()).isEqualTo(20);
    }

    @Test
    void typesAndCodesOfIcmpAreNoPorts() {
        String icmp = UDP4.substring(0, 18) + "01" + UDP4.substring(20, 40) + "0301";
        PacketHeaders packet = PacketHeaders.inIp(bytes(icmp), 0);
        assertThat(packet.icmpType()).isEqualTo(3);
        assertThat(packet.icmpCode()).isEqualTo(1);
        assertThat(packet.sourcePort()).isNull();
    }

    @Test
    void aPacketMayBeCutBehindItsAddresses() {
        ByteBuffer whole = bytes(UDP4);
        for (int length = 0; length <= whole.limit(); length++) {
            PacketHeaders packet = PacketHeaders.inIp(whole.slice(0, length), 0);
            assertThat(packet != null).as("%d bytes", length).isEqualTo(length >= 20);
            assertThat(packet != null && packet.sourcePort() != null).isEqualTo(length >= 24);
        }
    }

    @Test
    void noBytesMakeItFail() {
        SplittableRandom random = new SplittableRandom(5);
        int[] types = {0x0800, 0x86dd, 0x8100, 0x8847, 0x8864, 40};
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (bytes.length > 15) {
                buffer.putShort(12, (short) types[random.nextInt(types.length)]);
                buffer.put(14, (byte) (random.nextBoolean() ? 0x45 : 0x60));
            }
            PacketHeaders.inEthernet(buffer, 0);
            PacketHeaders.inIp(buffer, LinkHeaders.behindLabels(buffer, 0));
            PacketHeaders.inIp(buffer, LinkHeaders.behindPpp(buffer, 0));
        }
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
