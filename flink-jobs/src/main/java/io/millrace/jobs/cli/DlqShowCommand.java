package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import io.millrace.jobs.deadletter.LetterAddress;
import io.millrace.jobs.deadletter.LetterText;
import io.millrace.jobs.deadletter.LetterTopic;
import io.millrace.jobs.deadletter.LetterValue;
import io.millrace.jobs.kafka.Connection;
import io.millrace.schemas.DeadLetter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace dlq show}: one letter, whole. */
@Command(
        name = "show",
        description = "Prints one dead letter with its value.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace dlq show intrusion 0:17 --bootstrap localhost:9092 --registry http://localhost:8081"
        })
public final class DlqShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DlqOptions options;

    @Parameters(index = "1", paramLabel = "PARTITION:OFFSET", description = "Where the letter lies, as list shows it.")
    private String address;

    @Option(
            names = "--as",
            paramLabel = "FORM",
            defaultValue = "auto",
            description = "How the value is shown: ${COMPLETION-CANDIDATES}; auto takes the first that fits of"
                    + " json, text and hex (default: ${DEFAULT-VALUE}).")
    private LetterValue.Form form;

    @Override
    public Integer call() {
        LetterAddress place;
        try {
            place = LetterAddress.parse(address);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        Connection connection = options.connection(spec);
        DeadLetter letter = new LetterTopic(connection, options.topic())
                .at(place)
                .orElseThrow(() -> new IllegalStateException(
                        "there is no letter at " + place + " of topic " + options.topic() + " (any more)"));
        PrintWriter out = spec.commandLine().getOut();
        out.println("letter   " + options.topic() + " " + place);
        out.println("stage    " + letter.getStage() + ", step " + letter.getStep());
        out.println("reason   " + letter.getReason());
        out.println("message  " + letter.getMessage());
        out.println("given up " + letter.getFailedTime());
        out.println("record   " + LetterText.origin(letter)
                + (letter.getRecordTime() == null ? "" : ", dated " + letter.getRecordTime()));
        out.println("key      " + (letter.getKey() == null ? "none" : LetterValue.oneLine(letter.getKey())));
        letter.getHeaders()
                .forEach((name, value) -> out.println("header   " + name + ": " + LetterValue.oneLine(value)));
        if (letter.getCutBytes() > 0) {
            out.println("cut      " + letter.getCutBytes() + " bytes"
                    + (letter.getValueBytes() == null
                            ? ""
                            : "; the value had " + letter.getValueBytes() + " and has "
                                    + letter.getValue().remaining()));
        }
        out.println("value");
        out.println(letter.getValue() == null ? "none" : new LetterValue(connection).text(letter, form));
        out.flush();
        return 0;
    }
}
