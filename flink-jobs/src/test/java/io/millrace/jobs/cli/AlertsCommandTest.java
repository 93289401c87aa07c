package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class AlertsCommandTest {

    @Test
    void aStageWithoutAlertsIsRefusedWithTheOnesThatHaveSome() {
        StringWriter errors = new StringWriter();
        CommandLine millrace = Millrace.commandLine().setErr(new PrintWriter(errors, true));
        assertThat(millrace.execute("alerts", "--stage", "weather")).isEqualTo(2);
        assertThat(errors.toString())
                .contains("--stage: no stage weather gives alerts; those that do: intrusion, speech");
    }
}
