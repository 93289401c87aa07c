package io.millrace.simulators.flow;

import java.time.Duration;
import java.util.List;

import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class FlowInvariantsTest {
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int ACK = 16;

    private static List<FlowRecord> biflows;

    @BeforeAll
    static void makeFlows() {
        biflows = flows(ExporterMode.BIFLOW);
    }

    private static List<FlowRecord> flows(ExporterMode exporter) {
        return FlowGeneratorTest.flows(FlowGeneratorTest.scenario()
                .exporter(exporter)
                .attackShare(0.3)
                .duration(Duration.ofMinutes(3))
                .build());
    }

    @ParameterizedTest
    @EnumSource(ExporterMode.class)
    void countersTimesAndPortsArePossible(ExporterMode exporter) {
        for (FlowRecord flow : exporter == ExporterMode.BIFLOW ? biflows : flows(exporter)) {
            int header = flow.getProtocol() == 6 ? 40 : 28;
            direction(flow, flow.getBytesOut(), flow.getPacketsOut(), header);
            direction(flow, flow.getBytesIn(), flow.getPacketsIn(), header);
            long in = flow.getPacketsIn() == null ? 0 : flow.getPacketsIn();
            assertThat(flow.getPacketsOut() + in).as("packets of %s", flow).isPositive();
            assertThat(flow.getEndTime()).as("end of %s", flow).isAfterOrEqualTo(flow.getStartTime());
            assertThat(flow.getDurationSeconds()).as("duration of %s", flow).isBetween(0.0, 1800.001);
            if (flow.getPacketsOut() + in == 1) {
                assertThat(flow.getDurationSeconds()).as("one packet: %s", flow).isZero();
            }
            if (flow.getProtocol() == 1) {
                assertThat(flow.getSourcePort()).isNull();
                assertThat(flow.getIcmpType()).isNotNull();
                assertThat(flow.getTcpFlags()).isNull();
            } else {
                assertThat(flow.getSourcePort()).as("source port of %s", flow).isBetween(1, 65_535);
                assertThat(flow.getDestinationPort()).as("port of %s", flow).isBetween(1, 65_535);
                assertThat(flow.getIcmpType()).isNull();
            }
            assertThat(flow.getSourceAddress()).isNotEqualTo(flow.getDestinationAddress());
            assertThat(flow.getSourceFormat()).isEqualTo(FlowFormat.SIMULATED);
        }
    }

    private static void direction(FlowRecord flow, Long bytes, Long packets, int header) {
        if (packets == null) {
            assertThat(bytes).isNull();
        } else {
            assertThat(bytes).as("bytes of %s", flow).isBetween(packets * header, packets * 1500);
        }
    }

    @Test
    void halfOpenScansNeverAcknowledge() {
        List<FlowRecord> scans = campaign("scan/syn/");

        assertThat(scans).hasSizeGreaterThan(200).allSatisfy(flow -> {
            assertThat(flow.getTcpFlagsOut() & ACK).isZero();
            assertThat(flow.getTcpFlagsOut() & SYN).isNotZero();
            assertThat(flow.getPacketsOut()).isLessThanOrEqualTo(5);
        });
    }

    @Test
    void unansweredConnectionsHaveStateS0AndNothingBack() {
        assertThat(biflows)
                .filteredOn(flow -> "S0".equals(flow.getConnectionState()))
                .hasSizeGreaterThan(100)
                .allSatisfy(flow -> assertThat(flow.getPacketsIn()).isZero());
    }

    @Test
    void finishedConnectionsCarryFinBothWays() {
        assertThat(biflows)
                .filteredOn(flow -> flow.getProtocol() == 6 && "SF".equals(flow.getConnectionState()))
                .hasSizeGreaterThan(1000)
                .allSatisfy(flow -> {
                    assertThat(flow.getTcpFlagsOut() & flow.getTcpFlagsIn() & (FIN | SYN | ACK))
                            .isEqualTo(FIN | SYN | ACK);
                    assertThat(flow.getPacketsOut()).isGreaterThanOrEqualTo(3);
                });
    }

    @Test
    void bulkExfiltrationSendsFarMoreThanItReceives() {
        assertThat(campaign("exfiltration/https/"))
                .isNotEmpty()
                .allSatisfy(flow -> assertThat(flow.getBytesOut()).isGreaterThan(5 * flow.getBytesIn()));
    }

    @Test
    void metersNameNoServiceAndProbesDo() {
        assertThat(biflows)
                .filteredOn(flow -> flow.getSensor().contains("meter"))
                .isNotEmpty()
                .allSatisfy(flow -> {
                    assertThat(flow.getService()).isNull();
                    assertThat(flow.getConnectionState()).isNull();
                });
        assertThat(biflows)
                .filteredOn(flow -> flow.getSensor().contains("probe") && flow.getService() != null)
                .hasSizeGreaterThan(biflows.size() / 4);
    }

    private static List<FlowRecord> campaign(String prefix) {
        return biflows.stream()
                .filter(flow ->
                        flow.getAttributes().getOrDefault("campaign", "").startsWith(prefix))
                .toList();
    }
}
