package io.millrace.operators.intrusion;

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

    @ParameterizedTest
    @CsvSource({"1, icmp", "6, tcp", "17, udp", "58, icmp6", "47, protocol 47"})
    void protocolsAreNamedWhereTheyAreCommon(int number, String name) {
        assertThat(FlowSummary.of(
                        builder("192.168.1.9", 0, "a").setProtocol(number).build()))
                .isEqualTo("192.168.1.9 -> 10.0.0.1:443 " + name + " 500 B out 1500 B in");
    }
}
