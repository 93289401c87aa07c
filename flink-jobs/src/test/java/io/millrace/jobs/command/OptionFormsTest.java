package io.millrace.jobs.command;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Values of options that several commands read: addresses, moments, files of training options. */
class OptionFormsTest {

    @Command(name = "test")
    private static final class Nothing {}

    private final CommandSpec spec = new CommandLine(new Nothing()).getCommandSpec();

    /** Options of a training. */
    public static final class Options {
        public int steps = 7;
        public String name = "before";
    }

    @Test
    void anAddressIsAHostAndAPort() {
        InetSocketAddress address = ListenAddress.parse("127.0.0.1:2055", "--listen", spec);
        assertThat(address.getAddress().getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(address.getPort()).isEqualTo(2055);
        assertThat(ListenAddress.parse("127.0.0.1:0", "--listen", spec).getPort())
                .isZero();
        assertThat(ListenAddress.parse("[::1]:65535", "--listen", spec)
                        .getAddress()
                        .getHostAddress())
                .isEqualTo("0:0:0:0:0:0:0:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "2055",
                ":2055",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:x",
                "127.0.0.1:65536",
                "127.0.0.1:-1",
                "[]:7",
                "256.256.256.256.:1"
            })
    void whatIsNoAddressIsSaidWithItsOption(String wrong) {
        assertThatThrownBy(() -> ListenAddress.parse(wrong, "--listen", spec))
                .isInstanceOf(ParameterException.class)
                .hasMessage("--listen must be HOST:PORT, not '" + wrong + "'");
    }

    @Test
    void aMomentIsWrittenWithItsZone() {
        assertThat(Instants.parse("2026-01-05T09:00:00Z")).isEqualTo(Instant.ofEpochSecond(1_767_603_600));
        for (String wrong : new String[] {"", "2026-01-05", "2026-01-05T09:00:00", "yesterday"}) {
            assertThatThrownBy(() -> Instants.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not an instant: '" + wrong + "'; use for example 2026-01-05T09:00:00Z");
        }
    }

    @Test
    void aFileChangesTheOptionsThatItNames(@TempDir Path folder) throws IOException {
        Options options = new Options();
        TrainingFile.apply(null, options, spec);
        assertThat(options.steps).isEqualTo(7);
        TrainingFile.apply(Files.writeString(folder.resolve("o.yaml"), "steps: 9\n"), options, spec);
        assertThat(options.steps).isEqualTo(9);
        assertThat(options.name).as("not named in the file").isEqualTo("before");
        TrainingFile.apply(Files.writeString(folder.resolve("o.json"), "{\"name\": \"after\"}"), options, spec);
        assertThat(options.name).isEqualTo("after");
    }

    @Test
    void aFileThatCannotBeUsedIsNamedInOneLine(@TempDir Path folder) throws IOException {
        for (String wrong : new String[] {"stepz: 9\n", "steps: many\n", "steps: [\n", ""}) {
            Path file = Files.writeString(folder.resolve("o.yaml"), wrong);
            assertThatThrownBy(() -> TrainingFile.apply(file, new Options(), spec))
                    .as(wrong)
                    .isInstanceOf(ParameterException.class)
                    .hasMessageStartingWith("--config " + file + ": ")
                    .message()
                    .hasLineCount(1);
        }
    }

    @Test
    void aStopIsAwaitedAndItsHookTakenBack() throws InterruptedException {
        try (StopSignal stop = StopSignal.onShutdown()) {
            assertThat(stop.asked()).isFalse();
            assertThat(stop.await(-1)).isFalse();
            assertThat(stop.await(1)).isFalse();
        }
    }
}
