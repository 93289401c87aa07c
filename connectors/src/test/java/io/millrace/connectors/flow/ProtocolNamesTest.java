package io.millrace.connectors.flow;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ProtocolNamesTest {
    @ParameterizedTest
    @CsvSource({
        "tcp, 6",
        "UDP, 17",
        "icmp, 1",
        "IPv6-ICMP, 58",
        "icmp6, 58",
        "ICMPv6, 58",
        "ospf, 89",
        "OSPFIGP, 89",
        "eigrp, 88",
        "PIM, 103",
        "vrrp, 112",
        "l2tp, 115",
        "ipv6, 41",
        "ipip, 94",
        "IPv4, 4",
        "rsvp, 46",
        "udp-lite, 136",
        "UDPLite, 136",
        "mpls-in-ip, 137",
        "hip, 139",
        "Ethernet, 143",
        "AX.25, 93",
        "A/N, 107",
        "3PC, 34",
        "tp++, 39",
        "ISO-TP4, 29",
        "Sprite-RPC, 90",
        "hopopt, 0",
        "Mobility Header, 135",
        "bit-emu, 147",
        "89, 89",
        "003, 3",
        "255, 255",
        "256, 0",
        "-1, 0",
        "unknown_transport, 0",
        "'', 0"
    })
    void aProtocolIsKnownByEveryNameAndByItsNumber(String name, int number) {
        assertThat(FlowFields.protocol(name)).isEqualTo(number);
    }
}
