package io.millrace.jobs.intrusion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.flow.FlowJson;
import io.millrace.models.intrusion.training.TrainingListener;
import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.FlowGenerator;
import io.millrace.simulators.flow.FlowScenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Where flows come from and go to, without Kafka. */
@Timeout(60)
class FlowOutputsTest {

    private static List<FlowRecord> flows(int count) {
        FlowGenerator generator =
                new FlowGenerator(FlowScenario.builder().seed(3).limit(count).build());
        List<FlowRecord> flows = new ArrayList<>();
        while (generator.hasNext()) {
            flows.add(generator.next());
        }
        return flows;
    }

    /** A pipe whose other end says so, or a disk that does. */
    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void flowsAreLinesThatAreReadAgain() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<FlowRecord> flows = flows(3);
        try (FlowLines lines = new FlowLines(bytes)) {
            flows.forEach(lines::accept);
            assertThat(bytes.size()).as("still held").isZero();
            lines.flush();
            assertThat(bytes.size()).isPositive();
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().map(FlowJson::fromLine))
                .isEqualTo(flows);
    }

    @Test
    void aReaderThatHasGoneIsNoErrorAndADiskThatIsFullIsOne() {
        FlowLines gone = new FlowLines(failing("Broken pipe"));
        flows(1).forEach(gone::accept);
        assertThat(gone.closedByReader()).isFalse();
        gone.flush();
        assertThat(gone.closedByReader()).isTrue();
        gone.close();
        FlowLines full = new FlowLines(failing("No space left on device"));
        flows(1).forEach(full::accept);
        assertThatThrownBy(full::flush)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write the flows")
                .hasRootCauseMessage("No space left on device");
    }

    @Test
    void simulatedTrafficComesUntilItIsStopped() throws IOException {
        FlowTraffic traffic =
                FlowTraffic.simulated(FlowScenario.builder().attacks(AttackKind.parseSet("none")), 5000, 7);
        assertThat(traffic.description()).isEqualTo("Simulated traffic: 5,000 flows a second");
        assertThat(traffic.isLabelled()).isTrue();
        assertThat(traffic.disorder()).isEqualTo(FlowTraffic.Simulated.DISORDER);
        List<FlowRecord> seen = new ArrayList<>();
        traffic.run(flow -> {
            seen.add(flow);
            if (seen.size() == 20) {
                traffic.stop();
            }
        });
        assertThat(seen).hasSize(20).allSatisfy(flow -> {
            assertThat(flow.getLabel()).isEqualTo("benign");
            assertThat(flow.getObservedTime()).isNotNull();
        });
    }

    @Test
    void anAddressThatIsTakenIsNamed() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", taken.getLocalPort());
            FlowTraffic traffic = FlowTraffic.collected(address);
            assertThat(traffic.isLabelled()).isFalse();
            assertThat(traffic.disorder()).isNull();
            assertThat(traffic.description())
                    .startsWith("Waiting for NetFlow and IPFIX on 127.0.0.1:" + taken.getLocalPort() + ". ");
            assertThatThrownBy(() -> traffic.run(flow -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on ")
                    .hasMessageContaining(":" + taken.getLocalPort());
        }
    }

    @Test
    void collectedTrafficEndsWhenItIsStopped() throws IOException {
        FlowTraffic traffic = FlowTraffic.collected(new InetSocketAddress("127.0.0.1", 0));
        traffic.stop();
        traffic.run(flow -> {
            throw new AssertionError("nobody sends");
        });
    }

    @Test
    void labelledFlowsOfLinesAreReadAndTotalsLeftOut(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("flows.jsonl");
        StringBuilder lines = new StringBuilder();
        flows(2).forEach(flow -> lines.append(FlowJson.toLine(flow)).append('\n'));
        Files.writeString(file, lines + "\n{\"datagrams\":1,\"records\":2}\n");
        assertThat(FlowSource.CORE.read(file)).hasSize(2);
        Files.writeString(file, lines + "{\"flow_id\":7}\n");
        assertThatThrownBy(() -> FlowSource.CORE.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("flows.jsonl line 3: ");
        assertThat(FlowSource.of("core")).isEqualTo(FlowSource.CORE);
        assertThat(FlowSource.of("tea")).isNull();
    }

    @Test
    void aTrainingIsALineAnEpoch() {
        StringWriter out = new StringWriter();
        ProgressLine progress = new ProgressLine(new PrintWriter(out));
        progress.phase("fold 1 of 2");
        progress.batch(1, 2, 0.5, 0.7);
        progress.epoch(new TrainingListener.Epoch(1, 0.12345, Double.NaN, Double.NaN, Double.NaN));
        progress.epoch(new TrainingListener.Epoch(2, 0.1, 0.2, 0.9, 0.8));
        progress.done();
        assertThat(out.toString().lines().map(String::stripTrailing))
                .containsExactly(
                        "fold 1 of 2",
                        "epoch 1: loss 0.1235",
                        "epoch 2: loss 0.1000, validation loss 0.2000, AUROC 0.9000, average precision 0.8000");
    }
}
