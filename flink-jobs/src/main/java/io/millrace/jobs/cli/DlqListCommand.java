package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

import io.millrace.jobs.deadletter.LetterFilter;
import io.millrace.jobs.deadletter.LetterJson;
import io.millrace.jobs.deadletter.LetterText;
import io.millrace.jobs.deadletter.LetterTopic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace dlq list}: one letter a line. */
@Command(
        name = "list",
        description =
                "Prints dead letters, one a line: where it lies, when, stage and step, reason, where its record was"
                        + " read, key and message.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace dlq list intrusion --since 1h --bootstrap localhost:9092 --registry http://localhost:8081"
        })
public final class DlqListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DlqOptions options;

    @Mixin
    private DlqFilterOptions filters;

    @Option(names = "--json", description = "Print each letter as one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        LetterFilter filter = filters.filter(spec);
        PrintWriter out = spec.commandLine().getOut();
        int[] count = new int[1];
        int others = new LetterTopic(options.connection(spec), options.topic())
                .forEach(List.of(), filter, (address, letter) -> {
                    count[0]++;
                    out.println(json ? LetterJson.line(address, letter) : LetterText.line(address, letter));
                });
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        err.println(count[0] + " letters" + (others == 0 ? "" : "; " + others + " records are no letters"));
        err.flush();
        return 0;
    }
}
