package io.millrace.jobs.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.millrace.jobs.demo.AlertLine;
import io.millrace.jobs.demo.Demonstration;
import io.millrace.schemas.Alert;
import io.millrace.schemas.Severity;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The demo's calls before any has come in, and what it refuses. */
class DemoStagesTest {
    private final List<String> lines = new ArrayList<>();

    private Optional<?> prepare(boolean alone, String... options) {
        SpeechDemonstration shown = new SpeechDemonstration();
        CommandSpec spec = CommandSpec.forAnnotatedObject(shown);
        new CommandLine(spec).parseArgs(options);
        return shown.prepare(new Demonstration.Request(7, alone, spec, lines::add));
    }

    @Test
    void callsAreOneToAThousandOrNoneBesideLiveOnes() {
        for (String wrong : List.of("0", "1001", "-1")) {
            assertThatThrownBy(() -> prepare(false, "--streams", wrong))
                    .isInstanceOf(ParameterException.class)
                    .hasMessage("--streams must be 1 to 1000, or 0 with --listen-audio, got " + wrong);
        }
        assertThatThrownBy(() -> prepare(false, "--streams", "-1", "--listen-audio", "127.0.0.1:0"))
                .hasMessageContaining("got -1");
        assertThatThrownBy(() -> prepare(false, "--streams", "0", "--listen-audio", "here"))
                .hasMessage("--listen-audio must be HOST:PORT, not 'here'");
    }

    @Test
    void withoutCallsNothingWasHeard() {
        SpeechDemo demo = new SpeechDemo(new SpeechDemo.Settings("default", 3, 7, null));
        assertThat(demo.name()).isEqualTo("speech");
        assertThat(demo.introduction())
                .containsExactly("Simulated calls: 3 at a time, in which digits are read out; some chunks are lost on"
                        + " purpose.");
        assertThat(demo.status())
                .isEqualTo("audio chunks in 0  streams heard 0 of 0  words wrong 0 of 0  alerts 0  dead letters 0"
                        + "  latency p50 0 ms p99 0 ms");
        assertThat(demo.summary()).hasSize(2);
        assertThat(demo.shortfall()).isEqualTo("no audio came in");
        demo.close();
        assertThat(new SpeechDemo(new SpeechDemo.Settings("default", 0, 7, null)).introduction())
                .isEmpty();
    }

    @Test
    void anAlertIsALineWithItsSeverity() {
        Alert alert = new Alert();
        alert.setSeverity(Severity.LOW);
        alert.setSummary("nine was said");
        assertThat(AlertLine.of(alert)).isEqualTo("ALERT LOW      nine was said");
    }
}
