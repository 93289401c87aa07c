package io.millrace.connectors.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.NetFlowDecoder;
import io.millrace.connectors.netflow.NetFlowFile;
import io.millrace.connectors.suricata.EveFlowParser;
import io.millrace.connectors.zeek.ZeekConnParser;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Logs and exports too large, or not free, to ship; {@code MILLRACE_DATA} names the folder that has them. */
class RecordedLogsTest {
    private Path data;

    @BeforeEach
    void findData() {
        String folder = System.getenv("MILLRACE_DATA");
        assumeTrue(
                folder != null, "MILLRACE_DATA is not set: its flow/zeek, flow/eve and flow/netflow-wire are needed");
        data = Path.of(folder, "flow");
    }

    @ParameterizedTest
    @CsvSource({
        "zeek/001-malicious_labeled-conn.log,992,244",
        "zeek/002-port-scanning_conn.log,4504,0",
        "zeek/008-zeek-mixed_conn.log.labeled,5663,4201",
        "zeek/010-zeek-mixed_conn.log.labeled,5347,3373",
        "zeek/011-zeek-mixed_conn.log.labeled,9048,3951",
        "zeek/port-scans_vertical_conn.log,50,0",
        "zeek/test10-mixed-zeek-dir_conn.log,141,0",
        "eve/test6-malicious.suricata.json,3512,0"
    })
    void everyFlowOfALogIsRead(String file, int count, int attacks) throws IOException {
        Supplier<FlowLineParser> parser =
                () -> file.startsWith("zeek") ? new ZeekConnParser("zeek") : new EveFlowParser("suricata");
        List<FlowRecord> flows = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        new FlowLog(parser, flows::add, (number, reason) -> errors.add(number + ": " + reason))
                .read(data.resolve(file));
        assertThat(errors).isEmpty();
        assertThat(flows).hasSize(count);
        assertThat(flows.stream().filter(flow -> "attack".equals(flow.getLabel())))
                .hasSize(attacks);
        Set<String> ids = new HashSet<>();
        flows.forEach(flow -> ids.add(flow.getFlowId()));
        assertThat(ids).hasSize(count);
    }

    @ParameterizedTest
    @CsvSource({"v5,340", "v9,349", "ipfix,349"})
    void everyRecordOfAnExportIsDecoded(String version, int records) throws IOException {
        NetFlowDecoder decoder = new NetFlowDecoder(DecoderLimits.INSPECTION);
        Path file = data.resolve("netflow-wire/softflowd_test7_" + version + ".lenprefixed.bin");
        new NetFlowFile(decoder).read(file, flow -> {});
        assertThat(decoder.statistics().records()).isEqualTo(records);
        assertThat(decoder.statistics().dropped()).isEmpty();
    }
}
