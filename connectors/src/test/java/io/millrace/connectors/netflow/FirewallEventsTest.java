package io.millrace.connectors.netflow;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Events that a firewall reports of connections, as Cisco ASA does. */
class FirewallEventsTest {
    private static final int[] FIELDS = {148, 4, 8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 233, 1, 152, 8, 323, 8, 231, 4, 232, 4
    };
    private static final long NOW = Decoding.NOW;

    private final Decoding decoding = new Decoding();

    @Test
    void theEventsOfAConnectionAreOneFlow() {
        report(event(77, 1, NOW - 120_000, 0, 0), event(77, 5, NOW - 60_000, 3000, 50_000));
        assertThat(decoding.flows).isEmpty();
        report(event(77, 5, NOW - 10_000, 2000, 40_000), event(77, 2, NOW - 1000, 5000, 90_000));
        FlowRecord flow = decoding.only();
        assertThat(flow.getBytesOut()).isEqualTo(5000);
        assertThat(flow.getBytesIn()).isEqualTo(90_000);
        assertThat(flow.getDurationSeconds()).isEqualTo(119);
        assertThat(flow.getConnectionState()).isEqualTo("closed");
        assertThat(decoding.decoder.statistics().records()).isEqualTo(4);
    }

    @Test
    void anEndThatCountsTheRestAloneIsAddedToTheUpdates() {
        report(event(77, 5, NOW - 60_000, 3000, 50_000), event(77, 2, NOW - 1000, 500, 700));
        assertThat(decoding.only().getBytesOut()).isEqualTo(3500);
        assertThat(decoding.only().getBytesIn()).isEqualTo(50_700);
    }

    @Test
    void deltaCountersAreAddedUpWhateverTheyAre() {
        int[] fields = {8, 4, 12, 4, 148, 4, 40005, 1, 1, 4};
        Bytes update = new Bytes()
                .ip(198, 51, 100, 10)
                .ip(203, 0, 113, 20)
                .u32(5)
                .u8(5)
                .u32(10);
        Bytes end = new Bytes()
                .ip(198, 51, 100, 10)
                .ip(203, 0, 113, 20)
                .u32(5)
                .u8(2)
                .u32(30);
        decoding.receive(
                ExportBuilder.v9().template(256, fields).set(256, update).set(256, end));
        assertThat(decoding.only().getBytesOut()).isEqualTo(40);
    }

    @Test
    void otherConnectionsAndDeniedOnesAreFlowsOfTheirOwn() {
        report(event(1, 1, NOW - 5000, 0, 0), event(2, 1, NOW - 5000, 0, 0), event(3, 3, NOW, 0, 0));
        report(event(2, 2, NOW, 20, 200), event(1, 2, NOW, 10, 100), event(4, 2, NOW, 40, 400));
        assertThat(decoding.flows)
                .extracting(FlowRecord::getConnectionState)
                .containsExactly("denied", "closed", "closed", "closed");
        assertThat(decoding.flows).extracting(FlowRecord::getBytesOut).containsExactly(0L, 20L, 10L, 40L);
    }

    @Test
    void aConnectionWhoseEndNeverComesIsLetGoAsItStands() {
        report(event(1, 1, NOW - 5000, 0, 0), event(1, 5, NOW - 5000, 7, 70), event(2, 1, NOW, 0, 0));
        decoding.decoder.advance(NOW + 1_000_000, decoding.flows::add);
        assertThat(decoding.flows).isEmpty();
        decoding.decoder.advance(NOW + 1_900_000, decoding.flows::add);
        assertThat(decoding.flows).extracting(FlowRecord::getConnectionState).containsOnly("established");
        assertThat(decoding.flows).extracting(FlowRecord::getBytesOut).containsExactly(7L, 0L);
        report(event(3, 5, NOW, 1, 1));
        assertThat(decoding.flush().flows).hasSize(3);
    }

    private void report(Bytes... events) {
        ExportBuilder export = ExportBuilder.v9().template(256, FIELDS);
        for (Bytes event : events) {
            export.set(256, event);
        }
        decoding.receive(export);
    }

    private static Bytes event(int connection, int event, long millis, int out, int in) {
        Bytes body = new Bytes().u32(connection).ip(198, 51, 100, 10).ip(203, 0, 113, 20);
        body.u16(40_000).u16(443).u8(6).u8(event);
        return body.u64(NOW - 120_000).u64(millis).u32(out).u32(in);
    }
}
