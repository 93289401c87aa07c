package io.millrace.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The examples in help that need no broker, no cluster and no data set do what they say, in a folder with their files. */
@Timeout(300)
class CommandExamplesIT {

    /** Commands that need files alone, which {@link #files} lays out. */
    private static final List<List<String>> ALONE = List.of(
            List.of("help"),
            List.of("simulate", "flows"),
            List.of("decode"),
            List.of("decode", "netflow"),
            List.of("collect", "zeek"),
            List.of("collect", "eve"),
            List.of("parity"),
            List.of("parity", "flowtransformer"));

    static Stream<CommandExamples.Example> examples() {
        return CommandExamples.all().stream()
                .filter(example -> ALONE.contains(example.command()))
                // In real time they take as long as they say.
                .filter(example -> !example.isOf("simulate", "flows")
                        || example.arguments().contains("--fast"));
    }

    @Test
    void eachOfThemHasOne() {
        assertThat(examples().map(CommandExamples.Example::command).distinct())
                .containsExactlyInAnyOrderElementsOf(ALONE);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleRuns(CommandExamples.Example example, @TempDir Path folder, @TempDir Path log) throws Exception {
        files(folder);

        try (CommandProcess command =
                CommandProcess.startIn(folder, log, example.arguments().toArray(String[]::new))) {
            int code = command.awaitEnd();

            assertThat(code).as(example.line() + "\n" + command.output()).isZero();
            assertThat(command.output()).isNotBlank();
        }
    }

    private static void files(Path folder) throws IOException {
        Files.write(folder.resolve("export.pcap"), netFlow());
        Files.write(folder.resolve("templates.dat"), netFlow());
        Files.write(folder.resolve("data.dat"), netFlow());
        Files.writeString(
                folder.resolve("conn.log"),
                "{\"ts\":1767603600.5,\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":50000,"
                        + "\"id.resp_h\":\"10.0.0.2\",\"id.resp_p\":443,\"proto\":\"tcp\",\"duration\":0.5,"
                        + "\"orig_bytes\":120,\"resp_bytes\":900,\"conn_state\":\"SF\"}\n");
        Files.writeString(
                folder.resolve("eve.json"),
                "{\"timestamp\":\"2026-01-05T09:00:01.000000+0000\",\"flow_id\":1,\"event_type\":\"flow\","
                        + "\"src_ip\":\"10.0.0.1\",\"src_port\":50000,\"dest_ip\":\"10.0.0.2\",\"dest_port\":443,"
                        + "\"proto\":\"TCP\",\"flow\":{\"pkts_toserver\":5,\"pkts_toclient\":4,\"bytes_toserver\":400,"
                        + "\"bytes_toclient\":900,\"start\":\"2026-01-05T09:00:00.000000+0000\","
                        + "\"end\":\"2026-01-05T09:00:01.000000+0000\",\"state\":\"closed\"}}\n");
        Path fixtures = Path.of("..", "models", "src", "test", "resources", "parity", "flowtransformer");
        Path copy = Files.createDirectories(folder.resolve("fixtures").resolve("flowtransformer"));
        try (Stream<Path> parts = Files.list(fixtures)) {
            for (Path part : parts.toList()) {
                Files.copy(part, copy.resolve(part.getFileName()));
            }
        }
    }

    /** A datagram of NetFlow v5 with one flow. */
    private static byte[] netFlow() {
        ByteBuffer bytes = ByteBuffer.allocate(24 + 48);
        bytes.putShort((short) 5).putShort((short) 1).putInt(60_000).putInt(1_767_603_600);
        bytes.position(24);
        bytes.putInt(0x0A000001).putInt(0x0A000002).putInt(0);
        bytes.putShort((short) 1).putShort((short) 2);
        bytes.putInt(5).putInt(400).putInt(50_000).putInt(51_000);
        bytes.putShort((short) 50_000).putShort((short) 443);
        bytes.put((byte) 0).put((byte) 27).put((byte) 6).put((byte) 0);
        return bytes.array();
    }
}
