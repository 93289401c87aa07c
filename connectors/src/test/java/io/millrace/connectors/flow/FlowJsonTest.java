package io.millrace.connectors.flow;

import java.time.Instant;
import java.util.Map;

import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlowJsonTest {
    private static final FlowRecord FULL = new FlowRecord(
            "f1",
            "10.0.0.1/0",
            FlowFormat.IPFIX,
            Instant.ofEpochMilli(1_700_000_000_123L),
            Instant.ofEpochMilli(1_700_000_001_000L),
            Instant.ofEpochMilli(1_700_000_002_000L),
            0.877,
            "192.0.2.1",
            50_000,
            "2001:db8::1",
            443,
            6,
            Long.MAX_VALUE,
            2L,
            3L,
            4L,
            27,
            2,
            18,
            8,
            0,
            16,
            "ssl",
            "SF",
            "ShADadfF",
            1000.5,
            true,
            Map.of("applicationName", "a \"quoted\"\nname \u2603"),
            "benign");

    private static final String LEAST = "{\"flow_id\":\"f\",\"sensor\":\"s\",\"start_time\":1,\"end_time\":2,"
            + "\"source_address\":\"192.0.2.1\",\"destination_address\":\"192.0.2.2\",\"protocol\":17}";

    @Test
    void everyFieldSurvivesTheRoundTripOnOneLine() {
        String line = FlowJson.toLine(FULL);
        assertThat(line)
                .doesNotContain("\n")
                .startsWith("{\"flow_id\":\"f1\",\"sensor\":")
                .contains("\"start_time\":1700000000123,");
        assertThat(FlowJson.fromLine(line)).isEqualTo(FULL);
    }

    @Test
    void nullFieldsAreLeftOutAndComeBackAsNull() {
        FlowRecord least = FlowJson.fromLine(LEAST);
        assertThat(least.getBytesIn()).isNull();
        assertThat(least.getSourceFormat()).isEqualTo(FlowFormat.UNKNOWN);
        assertThat(least.getAttributes()).isEmpty();
        assertThat(FlowJson.toLine(least))
                .doesNotContain("null")
                .doesNotContain("attributes")
                .doesNotContain("bytes_in");
        assertThat(FlowJson.fromLine(FlowJson.toLine(least))).isEqualTo(least);
    }

    @Test
    void membersOfLaterVersionsAreSkipped() {
        String later = LEAST.replace("}", ",\"colour\":{\"deep\":[1,2]},\"label\":\"benign\"}");
        assertThat(FlowJson.fromLine(later).getLabel()).isEqualTo("benign");
    }

    @Test
    void aBadLineIsRefusedWithTheFieldAtFault() {
        assertThatThrownBy(() -> FlowJson.fromLine(LEAST.replace("\"protocol\":17", "\"protocol\":\"udp\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("protocol");
        assertThatThrownBy(() -> FlowJson.fromLine(LEAST.replace("\"sensor\":\"s\",", "")))
                .hasMessageContaining("'sensor' is missing");
        for (String bad : new String[] {"", "[]", "{", LEAST + LEAST, LEAST.substring(0, 20), "{\"end_time\":1e400}"}) {
            assertThatThrownBy(() -> FlowJson.fromLine(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
