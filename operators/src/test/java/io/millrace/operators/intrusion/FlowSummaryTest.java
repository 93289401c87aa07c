package io.millrace.operators.intrusion;

import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.millrace.operators.intrusion.SampleFlows.builder;
import static org.assertj.core.api.Assertions.assertThat;

class FlowSummaryTest {

    @Test
    void aLineHasAddressesPortProtocolAndBytes() {
        assertThat(FlowSummary.of(builder("192.168.1.9", 0, "a").build()))
                .isEqualTo("192.168.1.9 -> 10.0.0.1:443 tcp 500 B out 1500 B in");
    }

    @Test
    void whatTheSourceDoesNotGiveIsLeftOut() {
        assertThat(FlowSummary.of(
                        builder("192.168.1.9", 0, "a").setBytesIn(null).build()))
                .isEqualTo("192.168.1.9 -> 10.0.0.1:443 tcp 500 B out");
        assertThat(FlowSummary.of(builder("192.168.1.9", 0, "a")
                        .setDestinationPort(null)
                        .setBytesOut(null)
                        .build()))
                .isEqualTo("192.168.1.9 -> 10.0.0.1 tcp 1500 B in");
    }

    @Test
    void aSampledFlowSaysWhetherItsBytesAreEstimated() {
        FlowRecord flow = builder("192.168.1.9", 0, "a").setSamplingRate(1000.0).build();
        assertThat(FlowSummary.of(flow)).endsWith(" 1500 B in (1 packet in 1000 seen)");
        flow.setVolumesScaled(true);
        assertThat(FlowSummary.of(flow)).endsWith(" 1500 B in (estimated from 1 packet in 1000)");
    }

    @ParameterizedTest
    @CsvSource({"1, icmp", "6, tcp", "17, udp", "58, icmp6", "47, protocol 47"})
    void protocolsAreNamedWhereTheyAreCommon(int number, String name) {
        assertThat(FlowSummary.of(
                        builder("192.168.1.9", 0, "a").setProtocol(number).build()))
                .isEqualTo("192.168.1.9 -> 10.0.0.1:443 " + name + " 500 B out 1500 B in");
    }
}
