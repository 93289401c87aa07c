package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;

import io.millrace.jobs.cli.Millrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CollectNetFlowCommandTest {
    private final StringWriter err = new StringWriter();

    private int collect(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "collect";
        arguments[1] = "netflow";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return Millrace.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen-tcp=here | --listen-tcp must be HOST:PORT, not 'here'",
                "--pair-window=0 | --pair-window must be 1 or more",
                "--allow=10.0.0.0/99 | --allow: ",
                "--allow=everybody | --allow: ",
                "--stats=often | --stats: 'often' is no duration; write 500ms, 60s, 5m, 2h or 1d",
                "--stats=999ms | --stats: '999ms' is less than 1s",
                "--sampling=x | --sampling must be N or ADDRESS=N, not 'x'",
                "--max-ahead=1y | --max-ahead: '1y' is no duration",
                "--bootstrap=b:1 | give one of --json and --bootstrap HOST:PORT with --registry URL",
            })
    void aWrongOptionIsNamedBeforeAnythingListens(String option, String message) {
        assertThat(collect("--listen=127.0.0.1:0", "--json", option)).isEqualTo(2);
        assertThat(err.toString().strip())
                .hasLineCount(1)
                .startsWith("millrace collect netflow: ")
                .contains(message);
    }

    @Test
    void anAddressToListenOnIsAHostAndAPort() {
        assertThat(collect("--json", "--listen=here")).isEqualTo(2);
        assertThat(err.toString()).contains("--listen must be HOST:PORT, not 'here'");
    }

    @Test
    void flowsMustGoSomewhere() {
        assertThat(collect("--listen=127.0.0.1:0")).isEqualTo(2);
        assertThat(err.toString()).contains("give one of --json and --bootstrap HOST:PORT with --registry URL");
    }

    @Test
    void anAddressThatIsTakenIsAFailure() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThat(collect("--listen=127.0.0.1:" + taken.getLocalPort(), "--json"))
                    .isEqualTo(1);
            assertThat(err.toString()).startsWith("cannot collect: ").hasLineCount(1);
        }
    }
}
