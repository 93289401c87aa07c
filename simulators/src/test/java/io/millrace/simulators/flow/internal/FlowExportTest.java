package io.millrace.simulators.flow.internal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.ExporterMode;
import io.millrace.simulators.random.SeededRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FlowExportTest {
    private static final long START = 1_767_603_600_000_000L;

    private final SeededRandom random = new SeededRandom(5);
    private final Network network = new Network(50, FlowExport.SENSORS, random);
    private final FlowQueue queue = new FlowQueue(random, 0);

    @Test
    void theTwoDirectionsMirrorTheWholeFlow() {
        Host client = network.any(HostRole.WORKSTATION);
        SimulatedFlow flow = new TcpWire(random).session(START, client, network.vendor(3), 443, 5000, 80_000, 4, 1.5);

        FlowRecord whole = report(flow, ExporterMode.BIFLOW).get(0);
        List<FlowRecord> parts = report(flow, ExporterMode.UNIFLOW);

        assertThat(parts).hasSize(2);
        FlowRecord there = parts.get(0);
        FlowRecord back = parts.get(1);
        assertThat(there.getSourceAddress())
                .isEqualTo(whole.getSourceAddress())
                .isEqualTo(back.getDestinationAddress());
        assertThat(back.getSourceAddress()).isEqualTo(whole.getDestinationAddress());
        assertThat(back.getSourcePort()).isEqualTo(443);
        assertThat(back.getDestinationPort()).isEqualTo(whole.getSourcePort());
        assertThat(there.getBytesOut()).isEqualTo(whole.getBytesOut());
        assertThat(there.getPacketsOut()).isEqualTo(whole.getPacketsOut());
        assertThat(back.getBytesOut()).isEqualTo(whole.getBytesIn());
        assertThat(back.getPacketsOut()).isEqualTo(whole.getPacketsIn());
        assertThat(there.getBytesIn()).isNull();
        assertThat(back.getPacketsIn()).isNull();
        assertThat(back.getStartTime()).isAfterOrEqualTo(there.getStartTime());
        assertThat(back.getAttributes()).containsEntry("direction", "reverse");
        assertThat(there.getService()).isNull();
    }

    @Test
    void attributesHaveOneOrderInEveryProcess() {
        SimulatedFlow flow =
                new TcpWire(random).session(START, network.anyHost(), network.vendor(3), 443, 5000, 80_000, 4, 1.5);
        flow.attack = AttackKind.SCAN;
        flow.campaign = "scan/syn/1";

        FlowRecord back = report(flow, ExporterMode.UNIFLOW).get(1);

        assertThat(back.getAttributes().keySet()).containsExactly("campaign", "direction");
    }

    @Test
    void anUnansweredFlowIsOneRecord() {
        SimulatedFlow flow = new TcpWire(random).unanswered(START, network.anyHost(), network.stranger(), 22, 2);

        assertThat(report(flow, ExporterMode.UNIFLOW)).hasSize(1);
        assertThat(report(flow, ExporterMode.BIFLOW).get(0).getBytesIn()).isZero();
    }

    @Test
    void aLongFlowIsReportedInPiecesThatAddUp() {
        Host client = network.any(HostRole.WORKSTATION);
        SimulatedFlow flow =
                new TcpWire(random).session(START, client, network.vendor(3), 22, 900_000, 4_000_000, 900, 2.2 * 3600);
        long packets = flow.packetsOut;

        queue.add(flow);
        List<FlowRecord> pieces = new ArrayList<>();
        while (queue.size() > 0) {
            pieces.addAll(report(queue.poll(), ExporterMode.BIFLOW));
        }

        assertThat(pieces).hasSize(5);
        assertThat(pieces.stream().mapToLong(FlowRecord::getPacketsOut).sum()).isEqualTo(packets);
        assertThat(pieces)
                .allSatisfy(piece -> assertThat(piece.getDurationSeconds()).isLessThanOrEqualTo(1800));
        assertThat(pieces.get(0).getTcpFlagsOut() & TcpWire.SYN).isNotZero();
        assertThat(pieces.get(1).getTcpFlagsOut() & (TcpWire.SYN | TcpWire.FIN)).isZero();
        assertThat(pieces.get(1).getStartTime())
                .isEqualTo(Instant.ofEpochMilli(START / 1000).plusSeconds(1800));
    }

    @Test
    void leavesTheQueueInOrderOfReport() {
        Host client = network.any(HostRole.WORKSTATION);
        DatagramWire wire = new DatagramWire(random);
        for (int i = 0; i < 5000; i++) {
            queue.add(wire.query(
                    START + random.below(1_000_000_000), client, network.vendor(i), 53, 40, 90, random.uniform()));
        }
        long last = 0;
        while (queue.size() > 0) {
            long emit = queue.poll().emitMicros;
            assertThat(emit).isGreaterThanOrEqualTo(last);
            last = emit;
        }
    }

    private static List<FlowRecord> report(SimulatedFlow flow, ExporterMode mode) {
        ArrayDeque<FlowRecord> records = new ArrayDeque<>();
        new FlowExport(mode, 1).report(flow, records);
        return List.copyOf(records);
    }
}
