package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ClassicVersionsTest {
    private final Decoding decoding = new Decoding();

    @Test
    void version1HasItsFlagsElsewhereAndNoSequence() {
        Bytes record =
                common().u16(0).u8(6).u8(0x10).u8(0x1b).u8(0).u16(0).u32(0).u32(0);
        decoding.receive(ByteBuffer.wrap(new Bytes()
                .u16(1)
                .u16(1)
                .u32(100_000)
                .u32(Decoding.NOW / 1000)
                .u32(0)
                .raw(record.toArray())
                .toArray()));
        expect(FlowFormat.NETFLOW_V1, 0x1b);
        assertThat(decoding.only().getAttributes()).doesNotContainKey("bgpSourceAsNumber");
    }

    @Test
    void version7AddsTheRouter() {
        Bytes record = common().u8(0)
                .u8(0x1b)
                .u8(6)
                .u8(0x10)
                .u16(64_496)
                .u16(64_497)
                .u8(24)
                .u8(16)
                .u16(0);
        decoding.receive(ByteBuffer.wrap(
                header(7, 0).raw(record.ip(192, 0, 2, 9).toArray()).toArray()));
        expect(FlowFormat.NETFLOW_V7, 0x1b);
        assertThat(decoding.only().getAttributes())
                .containsEntry("ipv4RouterSc", "192.0.2.9")
                .containsEntry("bgpSourceAsNumber", "64496")
                .containsEntry("sourceIPv4PrefixLength", "24");
    }

    @ParameterizedTest(name = "mode {0}, interval {1}")
    @CsvSource({"0, 1000, 1000, ", "1, 100, 100, 1", "2, 16383, 16383, 2", "1, 0, , 1", "0, 1, , ", "0, 0, , "})
    void version5SaysInItsHeaderHowItSamples(int mode, int interval, Double rate, String algorithm) {
        Bytes record = common().u8(0)
                .u8(0x1b)
                .u8(6)
                .u8(0x10)
                .u16(0)
                .u16(0)
                .u8(24)
                .u8(16)
                .u16(0);
        decoding.receive(ByteBuffer.wrap(
                header(5, mode << 14 | interval).raw(record.toArray()).toArray()));
        expect(FlowFormat.NETFLOW_V5, 0x1b);
        assertThat(decoding.only().getSamplingRate()).isEqualTo(rate);
        assertThat(decoding.only().getAttributes().get("samplingAlgorithm")).isEqualTo(algorithm);
    }

    private void expect(FlowFormat format, int flags) {
        FlowRecord flow = decoding.only();
        assertThat(flow.getSourceFormat()).isEqualTo(format);
        assertThat(flow.getSourceAddress()).isEqualTo("198.51.100.10");
        assertThat(flow.getDestinationPort()).isEqualTo(443);
        assertThat(flow.getProtocol()).isEqualTo(6);
        assertThat(flow.getTcpFlags()).isEqualTo(flags);
        assertThat(flow.getTypeOfService()).isEqualTo(0x10);
        assertThat(flow.getBytesOut()).isEqualTo(500);
        assertThat(flow.getEndTime().toEpochMilli()).isEqualTo(Decoding.NOW - 1000);
        assertThat(flow.getDurationSeconds()).isEqualTo(4);
        assertThat(decoding.dropped()).isEmpty();
    }

    private static Bytes header(int version, int sampling) {
        return new Bytes()
                .u16(version)
                .u16(1)
                .u32(100_000)
                .u32(Decoding.NOW / 1000)
                .u32(0)
                .u32(77)
                .u16(0)
                .u16(sampling);
    }

    /** What stands at the same place in all three, up to the ports. */
    private static Bytes common() {
        return new Bytes()
                .ip(198, 51, 100, 10)
                .ip(203, 0, 113, 20)
                .u32(0)
                .u16(1)
                .u16(2)
                .u32(5)
                .u32(500)
                .u32(95_000)
                .u32(99_000)
                .u16(40_000)
                .u16(443);
    }
}
