package io.millrace.connectors.netflow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FlowPairingTest {
    private static final int SYN = 2;
    private static final int SYN_ACK = 18;

    private final List<FlowRecord> out = new ArrayList<>();
    private final FlowPairing pairing = new FlowPairing(3, 1000, out::add);

    @Test
    void twoDirectionsBecomeOneFlowFromTheHostThatOpenedIt() {
        pairing.accept(flow("b", 80, "a", 5000, 100, 900, SYN_ACK, 5000), 0);
        pairing.accept(flow("a", 5000, "b", 80, 90, 950, SYN, 300), 1);
        assertThat(out).hasSize(1);
        FlowRecord flow = out.get(0);
        assertThat(flow.getSourceAddress()).isEqualTo("a");
        assertThat(flow.getDestinationPort()).isEqualTo(80);
        assertThat(flow.getBytesOut()).isEqualTo(300);
        assertThat(flow.getBytesIn()).isEqualTo(5000);
        assertThat(flow.getTcpFlagsOut()).isEqualTo(SYN);
        assertThat(flow.getTcpFlagsIn()).isEqualTo(SYN_ACK);
        assertThat(flow.getStartTime().toEpochMilli()).isEqualTo(90);
        assertThat(flow.getEndTime().toEpochMilli()).isEqualTo(950);
        assertThat(flow.getDurationSeconds()).isEqualTo(0.86);
        assertThat(pairing.waiting()).isZero();
    }

    @Test
    void theRateIsThatOfTheOpeningHostsDirectionAndTheOtherIsNoted() {
        FlowRecord answer = flow("b", 80, "a", 5000, 100, 900, SYN_ACK, 5000);
        SamplingPolicy.note(answer, 100);
        FlowRecord opening = flow("a", 5000, "b", 80, 90, 950, SYN, 300);
        SamplingPolicy.note(opening, 1000);
        pairing.accept(answer, 0);
        pairing.accept(opening, 1);
        assertThat(out.get(0).getSamplingRate()).isEqualTo(1000);
        assertThat(out.get(0).getAttributes())
                .containsEntry("samplingInterval", "1000")
                .containsEntry("reverseSamplingInterval", "100");
    }

    @Test
    void withoutFlagsTheEarlierAndThenTheServicePortDecide() {
        pairing.accept(flow("b", 53, "a", 5000, 101, 200, null, 1), 0);
        pairing.accept(flow("a", 5000, "b", 53, 100, 200, null, 2), 0);
        pairing.accept(flow("b", 53, "a", 5001, 100, 200, null, 1), 0);
        pairing.accept(flow("a", 5001, "b", 53, 100, 200, null, 2), 0);
        assertThat(out).extracting(FlowRecord::getSourceAddress).containsExactly("a", "a");
    }

    @Test
    void whatFindsNoOtherHalfGoesOnWhenItsTimeIsUp() {
        FlowRecord alone = flow("a", 1, "b", 2, 0, 10, SYN, 1);
        pairing.accept(alone, 0);
        pairing.advance(999);
        assertThat(out).isEmpty();
        pairing.advance(1000);
        assertThat(out).containsExactly(alone);
    }

    @Test
    void theOneThatWaitedLongestGivesWayWhenTooManyWait() {
        for (int i = 0; i < 5; i++) {
            pairing.accept(flow("a", i, "b", 2, 0, 10, SYN, 1), 0);
        }
        assertThat(out).extracting(FlowRecord::getSourcePort).containsExactly(0, 1);
        assertThat(pairing.waiting()).isEqualTo(3);
        pairing.flush();
        assertThat(out).hasSize(5);
    }

    @Test
    void recordsOfTheSameDirectionOtherTimesOrOtherSensorsAreNotJoined() {
        pairing.accept(flow("a", 1, "b", 2, 0, 10, SYN, 1), 0);
        pairing.accept(flow("a", 1, "b", 2, 0, 10, SYN, 1), 0);
        FlowRecord later = flow("b", 2, "a", 1, 60_000, 60_010, SYN, 1);
        pairing.accept(later, 0);
        FlowRecord elsewhere = flow("b", 2, "a", 1, 0, 10, SYN, 1);
        elsewhere.setSensor("other");
        pairing.accept(elsewhere, 0);
        pairing.flush();
        assertThat(out).hasSize(4).allMatch(flow -> flow.getBytesIn() == null);
    }

    @Test
    void flowsThatHaveBothDirectionsPassAtOnce() {
        FlowRecord both = flow("a", 1, "b", 2, 0, 10, SYN, 1);
        both.setBytesIn(7L);
        pairing.accept(both, 0);
        assertThat(out).containsExactly(both);
    }

    private static FlowRecord flow(
            String from, int port, String to, int toPort, long start, long end, Integer flags, long bytes) {
        FlowRecord flow = new FlowRecord();
        flow.setFlowId(from + port + to + toPort + start);
        flow.setSensor("s");
        flow.setSourceFormat(FlowFormat.NETFLOW_V5);
        flow.setStartTime(Instant.ofEpochMilli(start));
        flow.setEndTime(Instant.ofEpochMilli(end));
        flow.setDurationSeconds((end - start) / 1e3);
        flow.setSourceAddress(from);
        flow.setSourcePort(port);
        flow.setDestinationAddress(to);
        flow.setDestinationPort(toPort);
        flow.setProtocol(6);
        flow.setBytesOut(bytes);
        flow.setPacketsOut(1L);
        flow.setTcpFlags(flags);
        flow.setTcpFlagsOut(flags);
        flow.setAttributes(new HashMap<>());
        return flow;
    }
}
