package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;
import java.time.Duration;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

/** A flow cannot end after it was reported, whatever its exporter's clock says. */
class ReceiptClockTest {
    private static final long NOW = Decoding.NOW;
    private static final long DAY = 86_400_000;

    private final Decoding decoding = new Decoding();

    @ParameterizedTest(name = "from {0} to {1} ms of the receipt: from {2} to {3}")
    @CsvSource({
        "-1000, 0, -1000, 0",
        "-1000, 300000, -1000, 300000",
        "-1000, 300001, -1000, 0",
        "-1000, 86400000, -1000, 0",
        "86399500, 86400000, -500, 0",
        "5490892798500, 5490892799000, -500, 0",
        "10000000000, 5490892799000, 0, 0",
    })
    void aFlowThatIsAheadIsTakenAtItsReceiptAndKeepsItsDuration(long start, long end, long from, long to) {
        decoding.receive(export(NOW + start, NOW + end));
        FlowRecord flow = decoding.only();
        assertThat(flow.getStartTime().toEpochMilli() - NOW).isEqualTo(from);
        assertThat(flow.getEndTime().toEpochMilli() - NOW).isEqualTo(to);
        assertThat(flow.getDurationSeconds()).isEqualTo((to - from) / 1e3);
        boolean ahead = end > 300_000;
        assertThat(flow.getAttributes().get("millisAhead")).isEqualTo(ahead ? String.valueOf(end) : null);
        assertThat(decoding.decoder.statistics().ahead()).isEqualTo(ahead ? 1 : 0);
    }

    @Test
    void theBoundIsASetting() {
        Decoding strict = new Decoding(
                new DecoderOptions(DecoderLimits.COLLECTOR, Duration.ofSeconds(2), SamplingPolicy.AS_ANNOUNCED));
        strict.receive(export(NOW, NOW + 2001));
        assertThat(strict.only().getEndTime().toEpochMilli()).isEqualTo(NOW);
    }

    @Test
    void aFlowOfAFileThatIsAheadOfItsExportIsMarkedAlone() {
        decoding.decoder.decode("e", export(NOW, NOW + DAY), NetFlowDecoder.NOT_RECEIVED, decoding.flows::add);
        assertThat(decoding.only().getEndTime().toEpochMilli()).isEqualTo(NOW + DAY);
        assertThat(decoding.only().getAttributes()).containsEntry("millisAhead", String.valueOf(DAY));
    }

    @Test
    void theClockOfEachExporterIsMeasured() {
        for (int i = 0; i < 5; i++) {
            decoding.receive(ExportSource.datagrams("192.0.2.1", 7), export(NOW, NOW));
            ByteBuffer fast = ExportBuilder.v9()
                    .exportedAt((NOW + DAY) / 1000)
                    .template(256, 8, 4, 12, 4)
                    .build();
            decoding.receive(ExportSource.datagrams("192.0.2.2", 8), fast);
        }
        assertThat(decoding.decoder.statistics().exporters())
                .extracting(ExporterStatistics::sensor, ExporterStatistics::port, ExporterStatistics::datagrams)
                .containsExactly(tuple("192.0.2.1/7", 7, 5L), tuple("192.0.2.2/7", 8, 5L));
        // The header has whole seconds: half of one is what it is off by on average.
        assertThat(decoding.decoder.statistics().exporters())
                .extracting(ExporterStatistics::clockOffsetMillis)
                .containsExactly(500L, DAY + 500);
        assertThat(decoding.decoder.statistics().exporters().get(0).records()).isEqualTo(5);
    }

    private static ByteBuffer export(long start, long end) {
        Bytes body =
                new Bytes().ip(198, 51, 100, 10).ip(203, 0, 113, 20).u64(start).u64(end);
        return ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, 152, 8, 153, 8)
                .set(256, body)
                .build();
    }
}
