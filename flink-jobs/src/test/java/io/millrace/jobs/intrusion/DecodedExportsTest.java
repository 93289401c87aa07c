package io.millrace.jobs.intrusion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.flow.FlowJson;
import io.millrace.jobs.cli.Millrace;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code decode netflow} prints of datagrams made by hand. */
class DecodedExportsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();
    private PrintStream before;

    @TempDir
    private Path folder;

    private Path plain;

    @BeforeEach
    void capture() throws IOException {
        before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        plain = Files.write(folder.resolve("plain"), V5.datagram(100, false));
    }

    @AfterEach
    void release() {
        System.setOut(before);
    }

    private int decode(String... options) {
        out.reset();
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of("decode", "netflow"));
        arguments.addAll(List.of(options));
        return Millrace.commandLine().setErr(new PrintWriter(err, true)).execute(arguments.toArray(String[]::new));
    }

    private List<String> printed() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private JsonNode totals() throws IOException {
        return new ObjectMapper().readTree(printed().get(printed().size() - 1));
    }

    @Test
    void aFlowIsALineAndTheTotalsAreTheLast() throws IOException {
        assertThat(decode("--json", "--input", plain.toString())).isZero();
        assertThat(printed()).hasSize(2);
        FlowRecord flow = FlowJson.fromLine(printed().get(0));
        assertThat(flow.getSourceAddress()).isEqualTo("10.0.0.1");
        assertThat(flow.getSourcePort()).isEqualTo(40_000);
        assertThat(flow.getDestinationAddress()).isEqualTo("192.0.2.7");
        assertThat(flow.getDestinationPort()).isEqualTo(443);
        assertThat(flow.getProtocol()).isEqualTo(6);
        assertThat(flow.getStartTime()).isEqualTo(Instant.ofEpochSecond(V5.EXPORTED - 3));
        assertThat(flow.getEndTime()).isEqualTo(Instant.ofEpochSecond(V5.EXPORTED - 1));
        assertThat(totals().get("datagrams").asInt()).isEqualTo(1);
        assertThat(totals().get("records").asInt()).isEqualTo(1);
        assertThat(totals().get("dropped")).isEmpty();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutJsonThereAreTheTotalsAlone() {
        assertThat(decode("--input", plain.toString())).isZero();
        assertThat(printed()).containsExactly("{\"datagrams\":1,\"records\":1,\"templates\":0,\"dropped\":{}}");
    }

    @Test
    void theTwoDirectionsOfAConversationAreJoinedWhenAskedFor() throws IOException {
        Path answered = Files.write(folder.resolve("answered"), V5.datagram(100, true));
        assertThat(decode("--json", "--input", answered.toString())).isZero();
        assertThat(printed()).hasSize(3);
        assertThat(decode("--json", "--pair", "--input", answered.toString())).isZero();
        assertThat(printed()).hasSize(2);
        FlowRecord joined = FlowJson.fromLine(printed().get(0));
        assertThat(joined.getSourceAddress()).isEqualTo("10.0.0.1");
        assertThat(joined.getBytesOut()).isEqualTo(700);
        assertThat(joined.getBytesIn()).isEqualTo(5000);
    }

    @Test
    void aDirectionWithoutAnotherIsAFlowAtTheEnd() throws IOException {
        assertThat(decode("--json", "--pair", "--input", plain.toString())).isZero();
        assertThat(printed()).hasSize(2);
        assertThat(FlowJson.fromLine(printed().get(0)).getBytesOut()).isEqualTo(700);
    }

    @Test
    void aFileThatIsMissingAmongOthersIsNamedAndTheOthersAreRead() throws IOException {
        Path missing = folder.resolve("missing");
        assertThat(decode("--input", missing.toString(), plain.toString())).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo(missing + ": not a file that can be read");
        assertThat(totals().get("records").asInt()).isEqualTo(1);
    }

    @Test
    void whatIsNoExportIsCountedByReason() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "this is no export");
        decode("--input", text.toString(), plain.toString());
        assertThat(totals().get("dropped")).isNotEmpty();
        assertThat(totals().get("records").asInt()).isEqualTo(1);
    }

    @Test
    void whatEachExporterSentIsOnStandardError() throws IOException {
        Path second = Files.write(folder.resolve("second"), V5.datagram(103, true));
        assertThat(decode("--stats", "--input", plain.toString(), second.toString()))
                .isZero();
        assertThat(printed()).hasSize(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("exporter ")
                .contains(": 2 datagrams, 3 records, 0 templates; sequence gaps 1 (lost 2)", "; dropped {}");
    }

    @Test
    void volumesAreScaledByTheRateGiven() throws IOException {
        assertThat(decode("--json", "--sampling", "10", "--scale-volumes", "--input", plain.toString()))
                .isZero();
        FlowRecord flow = FlowJson.fromLine(printed().get(0));
        assertThat(flow.getBytesOut()).isEqualTo(7000);
        assertThat(flow.getPacketsOut()).isEqualTo(70);
        assertThat(decode("--json", "--sampling", "10", "--input", plain.toString()))
                .isZero();
        assertThat(FlowJson.fromLine(printed().get(0)).getBytesOut()).isEqualTo(700);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--sampling=often | --sampling must be N or ADDRESS=N, not 'often'",
                "--sampling=10.0.0.1=x | --sampling must be N or ADDRESS=N, not '10.0.0.1=x'",
                "--sampling=nowhere=5 | --sampling: ",
                "--sampling=0 | --sampling: ",
                "--max-ahead=soon | --max-ahead: 'soon' is no duration",
            })
    void aWrongOptionIsNamedAndNothingIsPrinted(String option, String message) {
        assertThat(decode(option, "--input", plain.toString())).isEqualTo(2);
        assertThat(err.toString()).startsWith("millrace decode netflow: " + message);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(printed()).isEmpty();
    }
}
