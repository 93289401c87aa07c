package io.millrace.connectors.netflow;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Exports recorded from real devices; the expected figures are those of an independent dissector, options data apart. */
class RecordedExportsTest {
    private final NetFlowDecoder decoder = new NetFlowDecoder(DecoderLimits.INSPECTION);
    private final List<FlowRecord> flows = new ArrayList<>();

    @ParameterizedTest(name = "{0}: {2} records, {3} templates")
    @CsvSource(
            delimiter = '|',
            value = {
                "ipfix.dat                                                       | 3 | 12  | 3  | {}",
                "ipfix_test_netscaler_tpl.dat ipfix_test_netscaler_data.dat       | 2 | 3   | 7  | {template_missing=1}",
                "ipfix_test_openbsd_pflow_tpl.dat ipfix_test_openbsd_pflow_data.dat | 2 | 26 | 2 | {}",
                "netflow5_test_juniper_mx80.dat                                  | 1 | 29  | 0  | {}",
                "netflow5_test_invalid01.dat                                     | 1 | 30  | 0  | {missing_records=55552}",
                "netflow9_test_0length_fields_tpl_data.dat                       | 1 | 10  | 2  | {}",
                "netflow9_test_cisco_asa_1_tpl.dat netflow9_test_cisco_asa_1_data.dat | 2 | 14 | 13 | {}",
                "netflow9_test_invalid01.dat                                     | 1 | 2   | 3  | {wrong_record_count=1}",
                "netflow9_test_macaddr_tpl.dat netflow9_test_macaddr_data.dat    | 2 | 29  | 3  | {}",
                "netflow9_test_softflowd_tpl_data.dat                            | 1 | 7   | 2  | {}",
                "softflowd_test7_v9.lenprefixed.bin                              | 12 | 349 | 5 | {}",
                "softflowd_test7_ipfix.lenprefixed.bin                           | 12 | 349 | 5 | {}",
            })
    void countsAgreeWithTheDissector(String files, long datagrams, long records, long templates, String dropped)
            throws Exception {
        read(files.split(" "));
        assertThat(decoder.statistics().datagrams()).isEqualTo(datagrams);
        assertThat(decoder.statistics().records()).isEqualTo(records);
        assertThat(flows).hasSize((int) records);
        assertThat(decoder.statistics().templates()).isEqualTo(templates);
        assertThat(decoder.statistics().dropped()).hasToString(dropped);
    }

    @Test
    void allFieldsOfAVersion5RecordAreKept() throws Exception {
        read("netflow5_test_juniper_mx80.dat");
        FlowRecord flow = flows.get(0);
        assertThat(flow.getSourceFormat()).isEqualTo(FlowFormat.NETFLOW_V5);
        assertThat(flow.getSourceAddress()).isEqualTo("10.0.0.1");
        assertThat(flow.getSourcePort()).isEqualTo(443);
        assertThat(flow.getDestinationAddress()).isEqualTo("192.168.0.2");
        assertThat(flow.getDestinationPort()).isEqualTo(61608);
        assertThat(flow.getProtocol()).isEqualTo(6);
        assertThat(flow.getPacketsOut()).isEqualTo(1);
        assertThat(flow.getBytesOut()).isEqualTo(1500);
        assertThat(flow.getBytesIn()).isNull();
        assertThat(flow.getTcpFlags()).isEqualTo(0x10);
        assertThat(flow.getTypeOfService()).isZero();
        assertThat(flow.getDurationSeconds()).isZero();
        assertThat(flow.getAttributes())
                .containsEntry("ipNextHopIPv4Address", "192.168.0.2")
                .containsEntry("ingressInterface", "542")
                .containsEntry("egressInterface", "536")
                .containsEntry("bgpSourceAsNumber", "64497")
                .containsEntry("bgpDestinationAsNumber", "64496")
                .containsEntry("sourceIPv4PrefixLength", "14")
                .containsEntry("destinationIPv4PrefixLength", "24")
                .containsEntry("samplingInterval", "1000");
    }

    @Test
    void firewallEventsKeepTheirInitiatorTimesAndTranslation() throws Exception {
        read("netflow9_test_cisco_asa_1_tpl.dat", "netflow9_test_cisco_asa_1_data.dat");
        FlowRecord flow = flows.get(0);
        assertThat(flow.getSourceAddress()).isEqualTo("192.168.14.1");
        assertThat(flow.getDestinationAddress()).isEqualTo("2.2.2.11");
        assertThat(flow.getProtocol()).isEqualTo(1);
        assertThat(flow.getIcmpType()).isZero();
        assertThat(flow.getSourcePort()).isNull();
        assertThat(flow.getBytesOut()).isEqualTo(56);
        assertThat(flow.getStartTime()).isEqualTo("2015-10-09T09:47:47.569Z");
        assertThat(flow.getEndTime()).isEqualTo("2015-10-09T09:47:49.599Z");
        assertThat(flow.getAttributes())
                .containsEntry("flowId", "8500")
                .containsEntry("NF_F_FW_EVENT", "2")
                .containsEntry("NF_F_FW_EXT_EVENT", "2025")
                .containsEntry("NF_F_INGRESS_ACL_ID", "0f8e7ff3fc1a030f00000000");
    }

    @Test
    void applicationsAreNamedByTheExportersOptions() throws Exception {
        read(
                "netflow9_test_cisco_nbar_tpl262.dat",
                "netflow9_test_cisco_nbar_opttpl260.dat",
                "netflow9_test_cisco_nbar_data262.dat");
        assertThat(decoder.statistics().records()).isEqualTo(5);
        assertThat(decoder.statistics().optionRecords()).isEqualTo(15);
        assertThat(flows.get(0).getService()).isEqualTo("icmp");
        assertThat(flows.get(0).getIcmpType()).isEqualTo(8);
        assertThat(flows.get(0).getAttributes()).containsEntry("applicationId", "01000001");
    }

    @Test
    void absoluteTimesOfIpfixAreTaken() throws Exception {
        read("ipfix_test_openbsd_pflow_tpl.dat", "ipfix_test_openbsd_pflow_data.dat");
        assertThat(flows.get(0).getStartTime()).isEqualTo("2016-07-21T13:29:59Z");
        assertThat(flows.get(0).getBytesOut()).isEqualTo(373);
        assertThat(flows.get(1).getBytesOut()).isEqualTo(6634);
    }

    @Test
    void pairingJoinsTheDirectionsOfAConversation() throws Exception {
        read("ipfix_test_openbsd_pflow_tpl.dat", "ipfix_test_openbsd_pflow_data.dat");
        List<FlowRecord> paired = new ArrayList<>();
        FlowPairing pairing = new FlowPairing(100, 1000, paired::add);
        flows.forEach(flow -> pairing.accept(flow, 0));
        pairing.flush();
        assertThat(paired).hasSizeLessThan(flows.size());
        FlowRecord first = paired.get(0);
        assertThat(first.getDestinationPort()).isEqualTo(80);
        assertThat(first.getBytesOut()).isEqualTo(373);
        assertThat(first.getBytesIn()).isEqualTo(6634);
        assertThat(first.getPacketsIn()).isEqualTo(8);
    }

    private void read(String... names) throws IOException, URISyntaxException {
        NetFlowFile files = new NetFlowFile(decoder);
        for (String name : names) {
            files.read(wire(name), flows::add);
        }
        decoder.flush(flows::add);
    }

    static Path wire(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(RecordedExportsTest.class.getResource("wire/" + name), name)
                .toURI());
    }
}
