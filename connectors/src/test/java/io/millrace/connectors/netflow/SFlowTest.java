package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SFlowTest {
    /** 198.51.100.10:40000 to 203.0.113.20:443 in VLAN 100, a SYN of 60 bytes, in a frame of 82 with its checksum. */
    private static final String FRAME = "020000000001 020000000002 8100 0064 0800"
            + "4500003c 00010000 4006 0000 c633640a cb007114"
            + "9c4001bb 00000001 00000000 a002 7210 0000 0000";

    private final Decoding decoding = new Decoding();

    @Test
    void aSampledPacketIsAFlowWithTheRateOfItsSample() {
        decoding.receive(datagram(2, sample(1, raw(1, 82, FRAME)), sample(2, new Bytes().u32(0))));
        FlowRecord flow = decoding.only();
        assertThat(flow.getSourceFormat()).isEqualTo(FlowFormat.SFLOW_V5);
        assertThat(flow.getSensor()).isEqualTo("192.0.2.77/3");
        assertThat(flow.getSourceAddress()).isEqualTo("198.51.100.10");
        assertThat(flow.getDestinationAddress()).isEqualTo("203.0.113.20");
        assertThat(flow.getSourcePort()).isEqualTo(40_000);
        assertThat(flow.getDestinationPort()).isEqualTo(443);
        assertThat(flow.getTcpFlags()).isEqualTo(2);
        assertThat(flow.getPacketsOut()).isEqualTo(1);
        assertThat(flow.getBytesOut()).isEqualTo(60);
        assertThat(flow.getSamplingRate()).isEqualTo(512);
        assertThat(flow.getEndTime().toEpochMilli()).isEqualTo(Decoding.NOW);
        assertThat(flow.getAttributes())
                .containsEntry("ingressInterface", "5")
                .containsEntry("egressInterface", "6")
                .containsEntry("dataLinkFrameSize", "82");
        assertThat(decoding.decoder.statistics().counterSamples()).isEqualTo(1);
        assertThat(decoding.dropped()).isEmpty();
    }

    @Test
    void expandedSamplesSayTheSame() {
        Bytes body = new Bytes().u32(1).u32(0).u32(5).u32(1024).u32(99).u32(0);
        body.u32(0).u32(70_000).u32(2).u32(3).u32(1).raw(raw(1, 82, FRAME).toArray());
        decoding.receive(
                datagram(2, sample(3, body), sample(4, new Bytes().u32(0).u32(0))));
        assertThat(decoding.only().getSamplingRate()).isEqualTo(1024);
        assertThat(decoding.only().getAttributes())
                .containsEntry("ingressInterface", "70000")
                .doesNotContainKey("egressInterface");
        assertThat(decoding.decoder.statistics().counterSamples()).isEqualTo(1);
    }

    @Test
    void packetsWithoutEthernetAndThoseThatTheAgentHasReadAreTaken() {
        String ip = FRAME.replace(" ", "").substring(36);
        Bytes read = new Bytes()
                .u32(100)
                .u32(17)
                .ip(198, 51, 100, 1)
                .ip(203, 0, 113, 1)
                .u32(53)
                .u32(54)
                .u32(0)
                .u32(8);
        Bytes six = new Bytes().u32(200).u32(58).hex("20010db8000000000000000000000001");
        six.hex("20010db8000000000000000000000002").u32(128).u32(0).u32(0).u32(0);
        decoding.receive(datagram(
                4,
                sample(1, raw(11, 60, ip)),
                sample(1, raw(7, 64, "ff030021" + ip)),
                sample(1, record(3, read)),
                sample(1, record(4, six))));
        assertThat(decoding.flows).extracting(FlowRecord::getProtocol).containsExactly(6, 6, 17, 58);
        assertThat(decoding.flows).extracting(FlowRecord::getBytesOut).containsExactly(60L, 60L, 100L, 200L);
        assertThat(decoding.flows.get(2).getDestinationPort()).isEqualTo(54);
        assertThat(decoding.flows.get(3).getSourceAddress()).isEqualTo("2001:db8::1");
        assertThat(decoding.flows.get(3).getIcmpType()).isEqualTo(128);
        assertThat(decoding.flows).extracting(FlowRecord::getFlowId).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNotReadIsCounted() {
        String arp = "ffffffffffff 020000000002 0806 0001";
        decoding.receive(datagram(3, sample(1, raw(1, 60, arp)), sample(0x4008, new Bytes().u32(1))));
        assertThat(decoding.flows).isEmpty();
        assertThat(decoding.dropped())
                .containsEntry("no_address", 1L)
                .containsEntry("unknown_sample", 1L)
                .containsEntry("truncated_set", 1L);
    }

    @Test
    void missingDatagramsOfAnAgentAreCounted() {
        ByteBuffer first = datagram(0);
        decoding.receive(first);
        ByteBuffer later = datagram(0);
        later.putInt(16, later.getInt(16) + 3);
        decoding.receive(later);
        assertThat(decoding.decoder.statistics().sequenceLost()).isEqualTo(2);
    }

    private static ByteBuffer datagram(int samples, Bytes... content) {
        Bytes all = new Bytes()
                .u32(5)
                .u32(1)
                .ip(192, 0, 2, 77)
                .u32(3)
                .u32(1000)
                .u32(50_000)
                .u32(samples);
        for (Bytes sample : content) {
            all.raw(sample.toArray());
        }
        return ByteBuffer.wrap(all.toArray());
    }

    /** A sample of a format; for the compact flow sample the content is its only record. */
    private static Bytes sample(int format, Bytes content) {
        Bytes body = content;
        if (format == 1) {
            body = new Bytes()
                    .u32(1)
                    .u32(5)
                    .u32(512)
                    .u32(512)
                    .u32(0)
                    .u32(5)
                    .u32(6)
                    .u32(1)
                    .raw(content.toArray());
        }
        return record(format, body);
    }

    private static Bytes record(int format, Bytes body) {
        return new Bytes().u32(format).u32(body.size()).raw(body.toArray());
    }

    private static Bytes raw(int protocol, int frameLength, String header) {
        Bytes bytes = new Bytes().hex(header);
        int length = bytes.size();
        Bytes body =
                new Bytes().u32(protocol).u32(frameLength).u32(4).u32(length).raw(bytes.toArray());
        return record(1, body.raw(new byte[(4 - length % 4) % 4]));
    }
}
