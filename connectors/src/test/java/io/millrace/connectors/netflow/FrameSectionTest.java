package io.millrace.connectors.netflow;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FrameSectionTest {
    private static final String IP = "45200021000100004011147dc633640acb007114" + "9c400035000d000068656c6c6f";

    private final Decoding decoding = new Decoding();

    @ParameterizedTest(name = "element {0} behind {1}")
    @CsvSource({
        "315, 0200000000010200000000020800",
        "315, 02000000000102000000000281000064884700064140",
        "104, 0200000000010200000000020800",
        "313, ''",
        "317, ''",
    })
    void aPieceOfAPacketTellsTheHosts(int element, String before) {
        Bytes section = new Bytes().hex(before + IP);
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 10, 4, element, 0xffff)
                .set(256, new Bytes().u32(7).u8(section.size()).raw(section.toArray())));
        FlowRecord flow = decoding.only();
        assertThat(flow.getSourceAddress()).isEqualTo("198.51.100.10");
        assertThat(flow.getDestinationAddress()).isEqualTo("203.0.113.20");
        assertThat(flow.getSourcePort()).isEqualTo(40_000);
        assertThat(flow.getDestinationPort()).isEqualTo(53);
        assertThat(flow.getProtocol()).isEqualTo(17);
        assertThat(flow.getTypeOfService()).isEqualTo(0x20);
        assertThat(flow.getBytesOut()).isEqualTo(33);
        assertThat(flow.getPacketsOut()).isEqualTo(1);
    }

    @Test
    void fieldsOfTheRecordCountBeforeItsPiece() {
        Bytes body = new Bytes().hex(IP).u32(500).u32(7);
        decoding.receive(
                ExportBuilder.ipfix().template(256, 313, 33, 1, 4, 2, 4).set(256, body));
        assertThat(decoding.only().getBytesOut()).isEqualTo(500);
        Bytes known = new Bytes().ip(192, 0, 2, 1).ip(192, 0, 2, 2).hex(IP);
        decoding.receive(
                ExportBuilder.ipfix().template(257, 8, 4, 12, 4, 313, 33).set(257, known));
        assertThat(decoding.flows.get(1).getSourceAddress()).isEqualTo("192.0.2.1");
        assertThat(decoding.flows.get(1).getPacketsOut()).isNull();
    }

    @Test
    void aPieceFromFurtherOnOrOfAnotherLinkTellsNothing() {
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 409, 2, 313, 33)
                .set(256, new Bytes().u16(14).hex(IP))
                .template(257, 408, 2, 315, 47)
                .set(257, new Bytes().u16(2).hex("0200000000010200000000020800" + IP)));
        assertThat(decoding.flows).isEmpty();
        assertThat(decoding.dropped()).containsEntry("no_address", 2L);
    }
}
