package io.millrace.jobs.speech;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;

import io.millrace.connectors.audio.live.SpeechServerSettings;
import io.millrace.jobs.cli.Millrace;
import io.millrace.jobs.config.Durations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class ServeSpeechCommandTest {
    private static final String[] KAFKA = {"--bootstrap=127.0.0.1:9", "--registry=http://127.0.0.1:9"};

    @Test
    void itListensOnLoopbackUnlessToldOtherwise() {
        SpeechServerSettings settings = settings();
        assertThat(settings.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(settings.address().getPort()).isEqualTo(2700);
        assertThat(settings.allowedOrigins()).isEmpty();
    }

    @Test
    void everyOptionReachesTheServer() {
        SpeechServerSettings settings = settings(
                "--listen=127.0.0.1:99",
                "--max-connections=3",
                "--max-message=4096",
                "--chunk-ms=40",
                "--idle-timeout=5s",
                "--result-timeout=1m",
                "--allow-origin=https://a",
                "--allow-origin=https://b");
        assertThat(settings.address()).isEqualTo(new InetSocketAddress("127.0.0.1", 99));
        assertThat(settings.maxConnections()).isEqualTo(3);
        assertThat(settings.maxMessageBytes()).isEqualTo(4096);
        assertThat(settings.chunkMillis()).isEqualTo(40);
        assertThat(settings.idleTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.resultTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.allowedOrigins()).isEqualTo(Set.of("https://a", "https://b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen=nowhere | --listen must be HOST:PORT",
                "--max-connections=0 | there must be at least 1 connection",
                "--max-message=10 | messages must be limited",
                "--chunk-ms=5 | chunks must be of 10 to 1000 ms",
                "--idle-timeout=0s | the idle timeout must be positive",
                "--idle-timeout=soon | 'soon' is no duration",
            })
    void aWrongOptionGetsAClearLineAndExitCodeTwo(String option, String message) {
        StringWriter errors = new StringWriter();
        CommandLine millrace = Millrace.commandLine().setErr(new PrintWriter(errors, true));
        assertThat(millrace.execute("serve", "speech", KAFKA[0], KAFKA[1], option))
                .isEqualTo(2);
        assertThat(errors.toString()).contains(message);
    }

    private static SpeechServerSettings settings(String... options) {
        ServeSpeechCommand command = new ServeSpeechCommand();
        CommandLine line = new CommandLine(command).registerConverter(Duration.class, Durations::parse);
        String[] all = new String[options.length + KAFKA.length];
        System.arraycopy(KAFKA, 0, all, 0, KAFKA.length);
        System.arraycopy(options, 0, all, KAFKA.length, options.length);
        line.parseArgs(all);
        return command.settings();
    }
}
