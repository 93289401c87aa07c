package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class MillraceTest {

    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Millrace.commandLine();
        command.setErr(new PrintWriter(errors));
        command.setOut(new PrintWriter(new StringWriter()));
        return command.execute(arguments);
    }

    @Test
    void everyCommandSaysWhatItDoes() {
        for (CommandLine command : all(Millrace.commandLine())) {
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(command.getCommandName())
                    .isNotEmpty();
        }
    }

    private static List<CommandLine> all(CommandLine root) {
        List<CommandLine> commands = new ArrayList<>(List.of(root));
        root.getSubcommands().values().forEach(command -> commands.addAll(all(command)));
        return commands;
    }

    @Test
    void aFailureIsToldByTheFirstThatHasWordsForItWithoutNamesOfClasses() {
        IOException refused = new IOException("java.net.ConnectException: Connection refused");
        RuntimeException said =
                new IllegalStateException("No registry answers at http://x: " + refused.getMessage(), refused);
        assertThat(Millrace.message(new RuntimeException(said)))
                .isEqualTo("No registry answers at http://x: Connection refused");
        assertThat(Millrace.message(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void aWrongArgumentGetsOneLineAndExitCodeTwo() {
        String[][] wrong = {
            {"nonsense"},
            {},
            {"demo", "--duration", "soon"},
            {"demo", "--rate", "0"},
            {"demo", "--attack", "sneeze"},
            {"demo", "--listen", "here"},
            {"run"},
            {"run", "intrusion"},
            {"run", "intrusion", "--config", "there-is-no-such-file.yaml"},
            {"run", "speech"},
            {"run", "speech", "--config", "there-is-no-such-file.yaml"},
            {"run", "intrusion", "--config", "x.yaml", "--fresh", "--from-savepoint", "file:///x"},
            {"stop"},
            {"stop", "network-intrusion"},
            {"stop", "network-intrusion", "--jobmanager", "here"},
            {"jobs"},
            {"jobs", "--jobmanager", "http://here:8081"},
            {"cluster"},
            {"cluster", "taskmanager", "--config", "there-is-no-such-folder"},
            {"decode", "netflow"},
            {"simulate", "flows", "--rate", "-1"},
            {"simulate", "audio", "--bootstrap", "x:1", "--registry", "http://x", "--fsdd", "there-is-no-such-folder"},
            {"serve"},
            {"serve", "speech", "--bootstrap", "x:1", "--registry", "http://x", "--listen", "here"},
            {"simulate", "audio", "--espeak", "--bootstrap", "x:1"},
            {"simulate", "flows", "--registry", "http://x"},
            {"collect", "audio", "--file", "pom.xml", "--stream", "s", "--bootstrap", "x:1", "--registry", "x"},
            {"alerts", "--config", "there-is-no-such-file.yaml"},
            {"alerts", "--registry-property", "user=me"},
            {"alerts", "--property", "sasl.jaas.config=${THERE_IS_NO_SUCH_VARIABLE}"},
            {"dlq"},
            {"dlq", "list"},
            {"dlq", "list", "intrusion", "--since", "yesterday"},
            {"dlq", "list", "intrusion", "--reason", "boredom"},
            {"dlq", "show", "intrusion", "17"},
            {"dlq", "replay", "x.dlq", "--to", "x.dlq"},
            {"train", "intrusion", "--format", "tea"},
            {"parity", "flowtransformer", "there-is-no-such-folder", "--json"}
        };
        for (String[] arguments : wrong) {
            errors.getBuffer().setLength(0);
            assertThat(run(arguments)).as(String.join(" ", arguments)).isEqualTo(2);
            assertThat(errors.toString().strip().lines())
                    .as(String.join(" ", arguments))
                    .hasSize(1);
        }
    }
}
