package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

import io.millrace.jobs.stage.PlainStage;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.schemas.CommonTopics;
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

    @Test
    void aStageThatHasNoAlertsIsNotNamedAsOneThatDoes() {
        StringWriter errors = new StringWriter();
        StageCatalogue stages = new StageCatalogue(List.of(
                new PlainStage("tea"),
                new PlainStage("rice", List.of(CommonTopics.alerts("rice"), CommonTopics.deadLetters("rice")))));
        CommandLine alerts = new CommandLine(new AlertsCommand(stages)).setErr(new PrintWriter(errors, true));
        assertThat(alerts.execute("--stage", "tea")).isEqualTo(2);
        assertThat(errors.toString()).contains("--stage: no stage tea gives alerts; those that do: rice\n");
    }
}
