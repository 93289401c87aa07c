package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NetFlowDecoderTest {
    private static final int[] BASIC = {8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 1, 4};

    private final NetFlowDecoder decoder = new NetFlowDecoder(DecoderLimits.COLLECTOR);
    private final List<FlowRecord> flows = new ArrayList<>();

    @Test
    void dataBeforeItsTemplateWaitsAndIsDecodedOnceTheTemplateComes() {
        decode(ExportBuilder.v9().set(300, basic(1)).build());
        assertThat(flows).isEmpty();
        assertThat(decoder.pendingBytes()).isPositive();
        decode(ExportBuilder.v9().sequence(1).template(300, BASIC).build());
        assertThat(flows).hasSize(1);
        assertThat(flows.get(0).getSourceAddress()).isEqualTo("10.0.0.1");
        assertThat(decoder.pendingBytes()).isZero();
    }

    @Test
    void dataWhoseTemplateNeverComesIsDroppedAtTheEnd() {
        decode(ExportBuilder.v9().set(300, basic(1)).set(301, basic(2)).build());
        decoder.flush(flows::add);
        assertThat(dropped()).containsExactly(Map.entry("template_missing", 2L));
    }

    @Test
    void theBufferOfWaitingDataIsBounded() {
        NetFlowDecoder small = new NetFlowDecoder(new DecoderLimits(4, 4, 16, 64, 1000, false));
        for (int i = 0; i < 100; i++) {
            small.decode("e", ExportBuilder.v9().set(300 + i, basic(1)).build(), 0, flows::add);
        }
        assertThat(small.pendingBytes()).isLessThanOrEqualTo(1000);
        assertThat(small.statistics().dropped(DropReason.TEMPLATE_BUFFER_FULL)).isGreaterThan(90);
    }

    @Test
    void templatesBelongToAnExporterAndADomain() {
        decode(ExportBuilder.v9().template(300, BASIC).build());
        decode(ExportBuilder.v9().domain(8).set(300, basic(1)).build());
        decoder.decode("other", ExportBuilder.v9().set(300, basic(1)).build(), 0, flows::add);
        assertThat(flows).isEmpty();
        decode(ExportBuilder.v9().set(300, basic(1)).build());
        assertThat(flows).hasSize(1);
        assertThat(flows.get(0).getSensor()).isEqualTo("e/7");
    }

    @Test
    void paddingBehindRecordsIsNoRecord() {
        decode(ExportBuilder.v9()
                .template(300, BASIC)
                .set(300, basic(3).raw(new byte[3]))
                .build());
        assertThat(flows).hasSize(3);
        assertThat(dropped()).isEmpty();
    }

    @Test
    void variableLengthFieldsTakeBothFormsOfLength() {
        String name = "x".repeat(300);
        Bytes body = new Bytes().ip(10, 0, 0, 1).ip(10, 0, 0, 2).u8(4).raw("HTTP".getBytes(StandardCharsets.UTF_8));
        body.u8(255).u16(300).raw(name.getBytes(StandardCharsets.UTF_8));
        decode(ExportBuilder.ipfix()
                .template(400, 8, 4, 12, 4, 96, 0xffff, 371, 0xffff)
                .set(400, body)
                .build());
        assertThat(flows).hasSize(1);
        assertThat(flows.get(0).getService()).isEqualTo("http");
        assertThat(flows.get(0).getAttributes()).containsEntry("userName", name);
    }

    @Test
    void aVariableLengthBeyondTheSetIsAMalformedRecord() {
        Bytes body = new Bytes().ip(10, 0, 0, 1).u8(200).u8(1);
        decode(ExportBuilder.ipfix()
                .template(400, 8, 4, 96, 0xffff)
                .set(400, body)
                .build());
        assertThat(dropped()).containsExactly(Map.entry("malformed_record", 1L));
    }

    @Test
    void reducedSizeCountersAndMillisecondTimesAreRead() {
        Bytes body = new Bytes().ip(10, 0, 0, 1).ip(10, 0, 0, 2).u8(1).u16(2).u8(3);
        body.u64(1_700_000_000_250L).u64(1_700_000_001_500L);
        decode(ExportBuilder.ipfix()
                .template(400, 8, 4, 12, 4, 1, 3, 2, 1, 152, 8, 153, 8)
                .set(400, body)
                .build());
        FlowRecord flow = flows.get(0);
        assertThat(flow.getBytesOut()).isEqualTo(0x010002L);
        assertThat(flow.getPacketsOut()).isEqualTo(3);
        assertThat(flow.getBytesIn()).isNull();
        assertThat(flow.getStartTime().toEpochMilli()).isEqualTo(1_700_000_000_250L);
        assertThat(flow.getEndTime().toEpochMilli()).isEqualTo(1_700_000_001_500L);
        assertThat(flow.getDurationSeconds()).isEqualTo(1.25);
    }

    @Test
    void ntpTimesKeepMicroseconds() {
        long second = 1_700_000_000L + 2_208_988_800L;
        Bytes body = new Bytes()
                .ip(10, 0, 0, 1)
                .ip(10, 0, 0, 2)
                .u32(second)
                .u32(0)
                .u32(second)
                .u32(4295);
        decode(ExportBuilder.ipfix()
                .template(400, 8, 4, 12, 4, 154, 8, 155, 8)
                .set(400, body)
                .build());
        assertThat(flows.get(0).getStartTime().toEpochMilli()).isEqualTo(1_700_000_000_000L);
        assertThat(flows.get(0).getDurationSeconds()).isBetween(0.9e-6, 1.1e-6);
    }

    @Test
    void uptimesAreRelatedToTheHeaderEvenAcrossTheirWrap() {
        Bytes body =
                new Bytes().ip(10, 0, 0, 1).ip(10, 0, 0, 2).u32(0xffffff00L).u32(0x100);
        decode(ExportBuilder.v9()
                .uptime(0x200)
                .template(400, 8, 4, 12, 4, 22, 4, 21, 4)
                .set(400, body)
                .build());
        assertThat(flows.get(0).getStartTime().toEpochMilli()).isEqualTo(1_700_000_000_000L - 0x300);
        assertThat(flows.get(0).getEndTime().toEpochMilli()).isEqualTo(1_700_000_000_000L - 0x100);
    }

    @Test
    void ipfixUptimesUseTheExportersStartFromItsOptions() {
        Bytes options =
                new Bytes().u16(500).u16(2).u16(1).u16(149).u16(4).u16(160).u16(8);
        Bytes data = new Bytes().u32(7).u64(1_699_999_000_000L);
        Bytes body = new Bytes().ip(10, 0, 0, 1).ip(10, 0, 0, 2).u32(1000).u32(3000);
        decode(ExportBuilder.ipfix()
                .set(3, options)
                .set(500, data)
                .template(400, 8, 4, 12, 4, 22, 4, 21, 4)
                .set(400, body)
                .build());
        assertThat(flows).hasSize(1);
        assertThat(flows.get(0).getStartTime().toEpochMilli()).isEqualTo(1_699_999_001_000L);
        assertThat(flows.get(0).getDurationSeconds()).isEqualTo(2.0);
        assertThat(decoder.statistics().optionRecords()).isEqualTo(1);
        assertThat(decoder.statistics().records()).isEqualTo(1);
    }

    @Test
    void aFlowOfTwoDirectionsIsTurnedToTheHostThatSentTheSyn() {
        int[] biflow = {8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 1, 4, 6, 1, -1, 4, -2, 4, -6, 1};
        Bytes body =
                new Bytes().ip(10, 0, 0, 2).ip(10, 0, 0, 1).u16(80).u16(40000).u8(6);
        body.u32(500).u8(0x14).u32(60).u32(1).u8(0x02);
        decode(ExportBuilder.ipfix().template(400, biflow).set(400, body).build());
        FlowRecord flow = flows.get(0);
        assertThat(flow.getSourceAddress()).isEqualTo("10.0.0.1");
        assertThat(flow.getDestinationPort()).isEqualTo(80);
        assertThat(flow.getBytesOut()).isEqualTo(60);
        assertThat(flow.getBytesIn()).isEqualTo(500);
        assertThat(flow.getPacketsOut()).isEqualTo(1);
        assertThat(flow.getTcpFlagsOut()).isEqualTo(0x02);
        assertThat(flow.getTcpFlagsIn()).isEqualTo(0x14);
        assertThat(flow.getTcpFlags()).isEqualTo(0x16);
    }

    @Test
    void recordsOfOneDirectionKeepTheDirectionTheyCameWith() {
        Bytes body = new Bytes()
                .ip(10, 0, 0, 2)
                .ip(10, 0, 0, 1)
                .u16(80)
                .u16(40000)
                .u8(6)
                .u32(500);
        decode(ExportBuilder.v9().template(300, BASIC).set(300, body).build());
        assertThat(flows.get(0).getSourcePort()).isEqualTo(80);
    }

    @Test
    void recordsWithoutAddressesCountAndAreLeftOutOrKeptAsTold() {
        ByteBuffer export = ExportBuilder.v9()
                .template(300, 56, 6, 1, 4)
                .set(300, new Bytes().raw(new byte[10]))
                .build();
        decode(export);
        assertThat(flows).isEmpty();
        assertThat(decoder.statistics().records()).isEqualTo(1);
        assertThat(dropped()).containsExactly(Map.entry("no_address", 1L));
        new NetFlowDecoder(DecoderLimits.INSPECTION).decode("e", export, 0, flows::add);
        assertThat(flows.get(0).getSourceAddress()).isEqualTo("0.0.0.0");
        assertThat(flows.get(0).getAttributes()).containsEntry("sourceMacAddress", "00:00:00:00:00:00");
    }

    @Test
    void templatesWhoseRecordsAreEmptyDoNotLoop() {
        decode(ExportBuilder.v9().template(300, 8, 0, 12, 0).set(300, basic(4)).build());
        assertThat(dropped()).containsExactly(Map.entry("empty_records", 1L));
    }

    @Test
    void aGapInTheSequenceIsCountedAndNothingIsDropped() {
        decode(ExportBuilder.v9().sequence(0xfffffffeL).template(300, BASIC).build());
        decode(ExportBuilder.v9().sequence(0xffffffffL).set(300, basic(1)).build());
        assertThat(decoder.statistics().sequenceGaps()).isZero();
        decode(ExportBuilder.v9().sequence(5).set(300, basic(1)).build());
        decode(ExportBuilder.v9().sequence(3).set(300, basic(1)).build());
        assertThat(decoder.statistics().sequenceGaps()).isEqualTo(1);
        assertThat(decoder.statistics().sequenceLost()).isEqualTo(5);
        assertThat(flows).hasSize(3);
    }

    @Test
    void ipfixSequencesCountRecords() {
        decode(ExportBuilder.ipfix()
                .sequence(10)
                .template(300, BASIC)
                .set(300, basic(3))
                .build());
        decode(ExportBuilder.ipfix().sequence(13).set(300, basic(1)).build());
        assertThat(decoder.statistics().sequenceGaps()).isZero();
        decode(ExportBuilder.ipfix().sequence(16).set(300, basic(1)).build());
        assertThat(decoder.statistics().sequenceLost()).isEqualTo(2);
    }

    @Test
    void whatCannotBeReadIsDroppedByName() {
        decode(ByteBuffer.wrap(new byte[] {9}));
        decode(ByteBuffer.wrap(new byte[] {0, 8, 1, 1}));
        decode(ByteBuffer.wrap(new byte[] {0, 9, 1, 1}));
        decode(ExportBuilder.v9().set(300, 2, new Bytes()).build());
        decode(ExportBuilder.v9().set(17, new Bytes().u32(0)).build());
        decode(ExportBuilder.v9().set(0, new Bytes().u16(300).u16(9).u32(1)).build());
        decode(ExportBuilder.v9().template(300, BASIC).set(300, 400, basic(1)).build());
        assertThat(dropped())
                .containsOnly(
                        Map.entry("truncated_header", 2L),
                        Map.entry("unsupported_version", 1L),
                        Map.entry("wrong_set_length", 1L),
                        Map.entry("reserved_set", 1L),
                        Map.entry("malformed_template", 1L),
                        Map.entry("truncated_set", 1L));
        assertThat(flows).hasSize(1);
    }

    @Test
    void identifiersAreStableAndTellEqualRecordsApart() {
        ByteBuffer export =
                ExportBuilder.v9().template(300, BASIC).set(300, basic(2)).build();
        decode(export);
        new NetFlowDecoder(DecoderLimits.COLLECTOR).decode("e", export, 99, flows::add);
        assertThat(flows.get(0).getFlowId()).isEqualTo(flows.get(2).getFlowId());
        assertThat(flows.get(0).getFlowId()).isNotEqualTo(flows.get(1).getFlowId());
    }

    private static Bytes basic(int records) {
        Bytes bytes = new Bytes();
        for (int i = 0; i < records; i++) {
            bytes.ip(10, 0, 0, 1).ip(10, 0, 0, 2).u16(1234).u16(80).u8(6).u32(100);
        }
        return bytes;
    }

    private void decode(ByteBuffer datagram) {
        decoder.decode("e", datagram, 1_700_000_000_000L, flows::add);
    }

    private Map<String, Long> dropped() {
        return decoder.statistics().dropped();
    }
}
