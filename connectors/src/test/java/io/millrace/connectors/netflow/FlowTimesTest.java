package io.millrace.connectors.netflow;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FlowTimesTest {
    private static final long NOW = Decoding.NOW;
    private static final long NTP = NOW / 1000 + 2_208_988_800L;
    private static final long DAY = 86_400_000;

    private final Decoding decoding = new Decoding();

    @ParameterizedTest(name = "uptime {0}, first {1}, last {2}: from {3} to {4} before the export")
    @CsvSource({
        "100000, 90000, 95000, 10000, 5000",
        "4000000000, 1000, 3999999000, 3999999000, 1000",
        "3000000000, 0, 2999999999, 3000000000, 1",
        "512, 4294967040, 256, 768, 256",
        "2500000000, 2147483647, 2147483648, 352516353, 352516352",
        "1000, 500, 1500, 500, -500",
        "1000, 17000, 20000, -16000, -19000",
        "0, 4294967295, 4294967295, 1, 1",
    })
    void uptimesAreUnsignedAndMayWrapAnywhere(long uptime, long first, long last, long start, long end) {
        decoding.receive(ExportBuilder.v9()
                .uptime(uptime)
                .template(256, 8, 4, 12, 4, 22, 4, 21, 4)
                .set(256, hosts().u32(first).u32(last)));
        expect(NOW - start, NOW - end);
    }

    @Test
    void uptimesOfVersion5AreTheSame() {
        Bytes header = new Bytes()
                .u16(5)
                .u16(1)
                .u32(4_000_000_000L)
                .u32(NOW / 1000)
                .u32(0)
                .u32(0)
                .u32(0);
        Bytes record = hosts().u32(0).u16(1).u16(2).u32(3).u32(300).u32(1000).u32(3_999_999_000L);
        record.u16(40000).u16(443).u8(0).u8(2).u8(6).u8(0).u32(0).u32(0);
        decoding.receive(java.nio.ByteBuffer.wrap(header.raw(record.toArray()).toArray()));
        expect(NOW - 3_999_999_000L, NOW - 1000);
    }

    @Test
    void anExporterThatIsUpForLongerThan32BitsIsRelatedToItsExport() {
        long init = NOW - 200 * DAY;
        long wrapped = (200 * DAY - 5000) % (1L << 32);
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, 160, 8, 22, 4, 21, 4)
                .set(256, hosts().u64(init).u32(wrapped - 1000).u32(wrapped)));
        expect(NOW - 6000, NOW - 5000);
    }

    @Test
    void uptimesWithoutAnythingToRelateThemToGiveTheDuration() {
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, 22, 4, 21, 4)
                .set(256, hosts().u32(0xffff_fff0L).u32(984)));
        expect(NOW - 1000, NOW);
    }

    @ParameterizedTest(name = "element {0}")
    @CsvSource({"161, 2500", "162, 2500000"})
    void aDurationAloneEndsWithTheExport(int element, long duration) {
        decoding.receive(
                ExportBuilder.ipfix().template(256, 8, 4, 12, 4, element, 4).set(256, hosts().u32(duration)));
        expect(NOW - 2500, NOW);
    }

    @Test
    void aDurationGoesWithWhicheverEndIsKnown() {
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, 152, 8, 161, 4)
                .set(256, hosts().u64(NOW - 9000).u32(2500))
                .template(257, 8, 4, 12, 4, 153, 8, 161, 4)
                .set(257, hosts().u64(NOW - 9000).u32(2500))
                .template(258, 8, 4, 12, 4, 323, 8, 161, 4)
                .set(258, hosts().u64(NOW - 9000).u32(2500)));
        assertThat(decoding.flows)
                .extracting(flow -> flow.getStartTime().toEpochMilli() - NOW)
                .containsExactly(-9000L, -11500L, -11500L);
        assertThat(decoding.flows).extracting(FlowRecord::getDurationSeconds).containsOnly(2.5);
    }

    @ParameterizedTest(name = "elements {0} and {1}")
    @CsvSource({
        "359, 360, 1699999990000, 1699999995000",
        "150, 151, 1699999990, 1699999995",
        "152, 153, 1699999990000, 1699999995000",
        "154, 155, 16788979013480611840, 16788979034955448320",
        "156, 157, 16788979013480611840, 16788979034955448320",
        "154, 155, 1699999990000000, 1699999995000000",
        "156, 157, 1699999990000000000, 1699999995000000000",
    })
    void everyAbsoluteFormIsRead(int first, int last, String start, String end) {
        Bytes body = hosts();
        int length = first == 150 ? 4 : 8;
        for (String time : new String[] {start, end}) {
            if (length == 4) {
                body.u32(Long.parseLong(time));
            } else {
                body.u64(Long.parseUnsignedLong(time));
            }
        }
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, first, length, last, length)
                .set(256, body));
        expect(NOW - 10_000, NOW - 5000);
    }

    @Test
    void ntpTimesGoOnAfter2036() {
        long export = 2_100_000_000L;
        long ntp = (export + 2_208_988_800L) & 0xffff_ffffL;
        decoding.receive(ExportBuilder.ipfix()
                .exportedAt(export)
                .template(256, 8, 4, 12, 4, 156, 8, 157, 8)
                .set(256, hosts().u32(ntp - 2).u32(0x8000_0000L).u32(ntp - 1).u32(0)));
        assertThat(decoding.only().getDurationSeconds()).isEqualTo(0.5);
        assertThat(decoding.only().getAttributes()).containsKey(NetFlowDecoder.AHEAD);
    }

    @Test
    void microsecondsBeforeTheExportAreTaken() {
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, 158, 4, 159, 4)
                .set(256, hosts().u32(4_000_000_000L).u32(1_500_000)));
        expect(NOW - 4_000_000, NOW - 1500);
    }

    @Test
    void theFinestTimeWinsAndOneOfZeroIsNone() {
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, 156, 8, 150, 4, 157, 8, 153, 8)
                .set(
                        256,
                        hosts().u32(NTP - 3).u32(0).u32(NOW / 1000 - 60).u64(0).u64(NOW - 500)));
        expect(NOW - 3000, NOW - 500);
    }

    @Test
    void ofAnElementThatOccursTwiceTheFirstCountsAndTheSecondIsKept() {
        Bytes body = hosts().u64(NOW - 9000).u64(NOW - 5000).u64(NOW - 400).u64(NOW - 300);
        body.ip(10, 0, 0, 1).ip(10, 0, 0, 2).u32(77).u32(88).u8(47).u8(6);
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, 152, 8, 153, 8, 152, 8, 153, 8, 8, 4, 12, 4, 1, 4, 1, 4, 4, 1, 4, 1)
                .set(256, body));
        expect(NOW - 9000, NOW - 5000);
        FlowRecord flow = decoding.only();
        assertThat(flow.getSourceAddress()).isEqualTo("198.51.100.10");
        assertThat(flow.getBytesOut()).isEqualTo(77);
        assertThat(flow.getProtocol()).isEqualTo(47);
        assertThat(flow.getAttributes())
                .containsEntry("sourceIPv4Address.2", "10.0.0.1")
                .containsEntry("flowEndMilliseconds.2", String.valueOf(NOW - 300))
                .containsEntry("octetDeltaCount.2", "88")
                .containsEntry("protocolIdentifier.2", "6");
    }

    @Test
    void aFlowOfTwoDirectionsSpansBoth() {
        int[] biflow = {8, 4, 12, 4, 152, 8, 153, 8, -152, 8, -153, 8, 1, 4, -1, 4, 239, 1};
        Bytes body =
                hosts().u64(NOW - 60_000).u64(NOW - 59_000).u64(NOW - 59_990).u64(NOW - 2000);
        decoding.receive(ExportBuilder.ipfix()
                .template(256, biflow)
                .set(256, body.u32(300).u32(70_000).u8(1)));
        expect(NOW - 60_000, NOW - 2000);
        assertThat(decoding.only().getBytesIn()).isEqualTo(70_000);
    }

    @Test
    void aDirectionWithoutPacketsHasNoTimes() {
        int[] biflow = {8, 4, 12, 4, 152, 8, 153, 8, -152, 8, -153, 8, 1, 4, -1, 4};
        Bytes body =
                hosts().u64(NOW - 60_000).u64(NOW - 59_000).u64(NOW - 90_000).u64(NOW - 2000);
        decoding.receive(ExportBuilder.ipfix()
                .template(256, biflow)
                .set(256, body.u32(300).u32(0)));
        expect(NOW - 60_000, NOW - 59_000);
    }

    @Test
    void reverseTimesMayHaveAnyForm() {
        int[] biflow = {8, 4, 12, 4, 22, 4, 21, 4, -22, 4, -21, 4, 160, 8, 1, 4, -1, 4};
        Bytes body = hosts().u32(40_000).u32(50_000).u32(45_000).u32(58_000).u64(NOW - 60_000);
        decoding.receive(ExportBuilder.ipfix()
                .template(256, biflow)
                .set(256, body.u32(300).u32(100)));
        expect(NOW - 20_000, NOW - 2000);
    }

    private void expect(long start, long end) {
        FlowRecord flow = decoding.only();
        assertThat(flow.getStartTime().toEpochMilli() - NOW).as("start").isEqualTo(start - NOW);
        assertThat(flow.getEndTime().toEpochMilli() - NOW).as("end").isEqualTo(end - NOW);
        assertThat(flow.getDurationSeconds()).isEqualTo((end - start) / 1e3);
    }

    private static Bytes hosts() {
        return new Bytes().ip(198, 51, 100, 10).ip(203, 0, 113, 20);
    }
}
