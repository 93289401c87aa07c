package io.millrace.connectors.suricata;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.millrace.connectors.flow.FlowLog;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EveFlowParserTest {
    private static final String ALERT = "{\"timestamp\":\"2021-06-06T15:59:46.457984+0200\",\"flow_id\":42,"
            + "\"event_type\":\"alert\",\"alert\":{\"signature_id\":2403388,\"signature\":\"ET bad host\"}}\n";
    private static final String FLOW = "{\"timestamp\":\"2021-06-07T00:00:00.000000+0200\",\"flow_id\":42,"
            + "\"event_type\":\"flow\",\"src_ip\":\"2001:0db8:0000:0000:0000:0000:0000:0001\",\"src_port\":53030,"
            + "\"dest_ip\":\"192.168.1.129\",\"dest_port\":2992,\"proto\":\"TCP\",\"app_proto\":\"failed\",\"flow\":"
            + "{\"pkts_toserver\":2,\"pkts_toclient\":3,\"bytes_toserver\":120,\"bytes_toclient\":180,"
            + "\"start\":\"2021-06-06T16:38:55.855844+0200\",\"end\":\"2021-06-06T16:38:56.963027+0200\",\"age\":1,"
            + "\"state\":\"closed\",\"reason\":\"timeout\",\"alerted\":true},\"tcp\":{\"tcp_flags\":\"16\","
            + "\"tcp_flags_ts\":\"02\",\"tcp_flags_tc\":\"14\",\"state\":\"closed\"}}\n";

    private static final String NETFLOW = "{\"flow_id\":77,\"event_type\":\"netflow\",\"src_ip\":\"192.0.2.1\","
            + "\"src_port\":40000,\"dest_ip\":\"192.0.2.2\",\"dest_port\":443,\"proto\":\"TCP\",\"app_proto\":\"tls\","
            + "\"netflow\":{\"pkts\":5,\"bytes\":400,\"start\":\"2026-01-01T00:00:00.100000+0000\","
            + "\"end\":\"2026-01-01T00:00:02.600000+0000\",\"age\":2},\"tcp\":{\"tcp_flags\":\"1b\"}}\n";
    private static final String ANSWER = NETFLOW.replace("192.0.2.1", "x")
            .replace("192.0.2.2", "192.0.2.1")
            .replace("\"x\"", "\"192.0.2.2\"")
            .replace("\"src_port\":40000", "\"src_port\":443")
            .replace("\"dest_port\":443", "\"dest_port\":40000")
            .replace("\"pkts\":5,\"bytes\":400", "\"pkts\":6,\"bytes\":900")
            .replace("02.600000", "02.700000")
            .replace("1b", "12");
    private static final String DNS = "{\"event_type\":\"dns\",\"flow_id\":77}\n";

    private final List<FlowRecord> flows = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    @Test
    void flowEventsBecomeFlowsByTheirOwnTimes() throws IOException {
        read(ALERT + FLOW);
        assertThat(flows).hasSize(1);
        FlowRecord flow = flows.get(0);
        assertThat(flow.getFlowId()).isEqualTo("42");
        assertThat(flow.getSourceFormat()).isEqualTo(FlowFormat.SURICATA);
        assertThat(flow.getStartTime()).isEqualTo("2021-06-06T14:38:55.855Z");
        assertThat(flow.getEndTime()).isEqualTo("2021-06-06T14:38:56.963Z");
        assertThat(flow.getDurationSeconds()).isBetween(1.107182, 1.107184);
        assertThat(flow.getSourceAddress()).isEqualTo("2001:db8::1");
        assertThat(flow.getDestinationPort()).isEqualTo(2992);
        assertThat(flow.getBytesIn()).isEqualTo(180);
        assertThat(flow.getTcpFlags()).isEqualTo(0x16);
        assertThat(flow.getTcpFlagsIn()).isEqualTo(0x14);
        assertThat(flow.getService()).isNull();
        assertThat(flow.getConnectionState()).isEqualTo("closed");
        assertThat(flow.getLabel()).isNull();
        assertThat(flow.getAttributes())
                .containsEntry("alert.signature", "ET bad host")
                .containsEntry("flow.reason", "timeout")
                .containsEntry("flow.alerted", "true");
    }

    @Test
    void netflowEventsOfBothDirectionsBecomeOneFlow() throws IOException {
        FlowLog log = read(NETFLOW + DNS + ANSWER);
        assertThat(errors).isEmpty();
        assertThat(flows).hasSize(1);
        FlowRecord flow = flows.get(0);
        assertThat(flow.getFlowId()).isEqualTo("77");
        assertThat(flow.getSourceAddress()).isEqualTo("192.0.2.1");
        assertThat(flow.getBytesOut()).isEqualTo(400);
        assertThat(flow.getBytesIn()).isEqualTo(900);
        assertThat(flow.getPacketsIn()).isEqualTo(6);
        assertThat(flow.getTcpFlagsIn()).isEqualTo(0x12);
        assertThat(flow.getStartTime()).isEqualTo("2026-01-01T00:00:00.100Z");
        assertThat(flow.getDurationSeconds()).isEqualTo(2.6);
        assertThat(log.leftAside()).hasToString("{dns=1}");
    }

    @Test
    void oneDirectionAloneIsAFlowAndAFlowSaidTwiceIsOne() throws IOException {
        read(NETFLOW);
        assertThat(flows).hasSize(1);
        assertThat(flows.get(0).getBytesIn()).isNull();
        String same = FLOW.replace("42", "77");
        assertThat(read(same + NETFLOW + ANSWER).leftAside()).hasToString("{netflow=2}");
        assertThat(read(NETFLOW + ANSWER + same).leftAside()).hasToString("{flow=1}");
        assertThat(read(NETFLOW + same + ANSWER).leftAside()).hasToString("{netflow=2}");
        assertThat(flows).hasSize(4);
    }

    @Test
    void protocolsHaveTheirNumbersOrKeepTheirNames() throws IOException {
        read(FLOW.replace("TCP", "089") + FLOW.replace("TCP", "SCTP") + FLOW.replace("TCP", "NoSuchProtocol"));
        assertThat(flows.stream().map(FlowRecord::getProtocol)).containsExactly(89, 132, 0);
        assertThat(flows.get(2).getAttributes()).containsEntry("proto", "NoSuchProtocol");
    }

    @Test
    void malformedLinesAreNamedAndSkipped() throws IOException {
        read("nonsense\n[]\n" + FLOW.replace("\"start\"", "\"begin\"") + FLOW.replace("16:38:56", "16:99:56") + FLOW);
        assertThat(flows).hasSize(1);
        assertThat(errors)
                .hasSize(4)
                .contains("2: no event_type", "3: flow.start is missing", "4: flow.end is no time");
    }

    @Test
    void damagedLogsThrowNothing() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        byte[] seed = (ALERT + FLOW + NETFLOW + FLOW + ANSWER).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 8_000; i++) {
            byte[] log = seed.clone();
            for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
                String likely = "\n{}[]\"\\:.,e9 0-+";
                log[random.nextInt(log.length)] = (byte)
                        (random.nextBoolean() ? likely.charAt(random.nextInt(likely.length())) : random.nextInt(256));
            }
            read(new String(log, StandardCharsets.ISO_8859_1));
        }
        assertThat(flows.size()).isGreaterThan(2_000);
        assertThat(errors.size()).isGreaterThan(2_000);
    }

    private FlowLog read(String text) throws IOException {
        FlowLog log = new FlowLog(
                () -> new EveFlowParser("suricata"), flows::add, (n, reason) -> errors.add(n + ": " + reason));
        log.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        return log;
    }
}
