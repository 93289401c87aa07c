package io.millrace.connectors.netflow;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Whose templates data is read by: those of a transport session and domain (RFC 7011, 8). */
class SessionsTest {
    private static final int[] FORWARD = {8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 2, 4, 1, 4};
    private static final int[] TURNED = {12, 4, 8, 4, 11, 2, 7, 2, 4, 1, 1, 4, 2, 4};
    private static final ExportSource ONE = ExportSource.datagrams("192.0.2.1", 50_001);
    private static final ExportSource OTHER = ExportSource.datagrams("192.0.2.1", 50_002);

    private final Decoding decoding = new Decoding();

    @Test
    void processesBehindOneAddressAreToldApartByTheirPorts() {
        decoding.receive(ONE, ExportBuilder.ipfix().template(256, FORWARD).build());
        decoding.receive(OTHER, ExportBuilder.ipfix().set(256, record()).build());
        assertThat(decoding.flows).as("not by the template of another").isEmpty();
        decoding.receive(
                OTHER, ExportBuilder.ipfix().sequence(1).template(256, TURNED).build());
        assertThat(decoding.only().getSourceAddress()).isEqualTo("203.0.113.20");
        assertThat(decoding.only().getPacketsOut()).isEqualTo(1000);
        decoding.receive(ONE, ExportBuilder.ipfix().set(256, record()).build());
        assertThat(decoding.flows.get(1).getSourceAddress()).isEqualTo("198.51.100.10");
        assertThat(decoding.flows).extracting(FlowRecord::getSensor).containsOnly("192.0.2.1/7");
    }

    @Test
    void anExporterThatSendsTemplatesFromAnotherPortIsReadOnceItsOwnHaveNotComeForLong() {
        decoding.receive(ONE, ExportBuilder.v9().template(256, FORWARD).build());
        decoding.receive(OTHER, ExportBuilder.v9().set(256, record()).build());
        decoding.decoder.advance(Decoding.NOW + 20_000, decoding.flows::add);
        assertThat(decoding.flows).isEmpty();
        decoding.decoder.advance(Decoding.NOW + 31_000, decoding.flows::add);
        assertThat(decoding.only().getSourceAddress()).isEqualTo("198.51.100.10");
        decoding.receive(
                OTHER, ExportBuilder.v9().sequence(1).set(256, record()).build());
        assertThat(decoding.flows).as("and then at once").hasSize(2);
    }

    @Test
    void sequenceNumbersThatGoOnFromPortToPortAreThoseOfOneProcess() {
        decoding.receive(
                ONE, ExportBuilder.v9().sequence(7000).template(256, FORWARD).build());
        decoding.receive(
                OTHER, ExportBuilder.v9().sequence(7001).set(256, record()).build());
        assertThat(decoding.only().getSourceAddress()).isEqualTo("198.51.100.10");
    }

    @Test
    void dataIsReadByAnotherPortsTemplateAtTheEndOfAllInput() {
        decoding.receive(ONE, ExportBuilder.v9().template(256, FORWARD).build());
        decoding.receive(OTHER, ExportBuilder.v9().set(256, record()).build());
        assertThat(decoding.flush().only().getBytesOut()).isEqualTo(1000);
        assertThat(decoding.dropped()).isEmpty();
    }

    @Test
    void portsThatDoNotAgreeOnATemplateDoNotLendIt() {
        decoding.receive(ONE, ExportBuilder.v9().template(256, FORWARD).build());
        decoding.receive(OTHER, ExportBuilder.v9().template(256, TURNED).build());
        ExportSource third = ExportSource.datagrams("192.0.2.1", 50_003);
        decoding.receive(third, ExportBuilder.v9().set(256, record()).build());
        assertThat(decoding.flush().flows).isEmpty();
        assertThat(decoding.dropped()).containsEntry("template_missing", 1L);
    }

    @Test
    void anExporterWithEverNewPortsDisplacesNobody() {
        DecoderLimits limits = new DecoderLimits(100, 16, 16, 4096, 1 << 20, false);
        Decoding small = new Decoding(DecoderOptions.within(limits));
        ExportSource other = ExportSource.datagrams("192.0.2.2", 9);
        small.receive(other, ExportBuilder.v9().template(256, FORWARD).build());
        for (int port = 1; port <= 1000; port++) {
            small.receive(
                    ExportSource.datagrams("192.0.2.1", port),
                    ExportBuilder.v9().template(256, FORWARD).build());
        }
        small.receive(other, ExportBuilder.v9().sequence(1).set(256, record()).build());
        assertThat(small.flows).hasSize(1);
    }

    @Test
    void aWithdrawalInADatagramIsIgnored() {
        decoding.receive(ONE, ExportBuilder.ipfix().template(256, FORWARD).build());
        decoding.receive(
                ONE, ExportBuilder.ipfix().set(2, new Bytes().u16(256).u16(0)).build());
        decoding.receive(
                ONE, ExportBuilder.ipfix().set(2, new Bytes().u16(2).u16(0)).build());
        decoding.receive(ONE, ExportBuilder.ipfix().set(256, record()).build());
        assertThat(decoding.flows).hasSize(1);
        assertThat(decoding.dropped()).containsEntry("ignored_withdrawal", 2L);
    }

    @Test
    void aWithdrawalInAStreamIsObeyed() {
        ExportSource stream = ExportSource.stream("192.0.2.1", 50_001);
        decoding.receive(
                stream,
                ExportBuilder.ipfix()
                        .template(256, FORWARD)
                        .template(257, FORWARD)
                        .build());
        decoding.receive(
                stream,
                ExportBuilder.ipfix().set(2, new Bytes().u16(256).u16(0)).build());
        decoding.receive(
                stream,
                ExportBuilder.ipfix().set(256, record()).set(257, record()).build());
        assertThat(decoding.flows).hasSize(1);
        decoding.receive(
                stream, ExportBuilder.ipfix().set(2, new Bytes().u16(2).u16(0)).build());
        decoding.receive(stream, ExportBuilder.ipfix().set(257, record()).build());
        assertThat(decoding.flows).hasSize(1);
    }

    @Test
    void aConnectionThatIsClosedTakesItsTemplatesWithIt() {
        ExportSource stream = ExportSource.stream("192.0.2.1", 50_001);
        decoding.receive(stream, ExportBuilder.ipfix().template(256, FORWARD).build());
        decoding.decoder.forget(stream);
        decoding.receive(stream, ExportBuilder.ipfix().set(256, record()).build());
        assertThat(decoding.flows).isEmpty();
    }

    @Test
    void variableLengthsOfVersion9AreThoseOfIpfix() {
        Bytes body = new Bytes().ip(198, 51, 100, 10).ip(203, 0, 113, 20);
        body.u8(4).hex("43555354").u32(5);
        decoding.receive(
                ONE,
                ExportBuilder.v9()
                        .template(256, 8, 4, 12, 4, 236, 0xffff, 2, 4)
                        .set(256, body.raw(new byte[3]))
                        .build());
        assertThat(decoding.only().getAttributes()).containsEntry("VRFname", "CUST");
        assertThat(decoding.only().getPacketsOut()).isEqualTo(5);
        assertThat(decoding.dropped()).isEmpty();
    }

    private static Bytes record() {
        return new Bytes()
                .ip(198, 51, 100, 10)
                .ip(203, 0, 113, 20)
                .u16(40_000)
                .u16(443)
                .u8(6)
                .u32(10)
                .u32(1000);
    }
}
