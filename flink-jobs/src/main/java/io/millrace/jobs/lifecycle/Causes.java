package io.millrace.jobs.lifecycle;

import java.util.List;
import java.util.regex.Pattern;

/** What lies at the root of a failure, in one line, also where Flink tells it as a printed stack trace. */
public final class Causes {
    private static final String MARK = "Caused by: ";
    /** Class names before a message, of exceptions that lie in one another. */
    private static final Pattern CLASS_NAMES = Pattern.compile("^(?:[\\w.$]+(?:Exception|Error)(?:: |$))+");

    private Causes() {}

    /** The message of the innermost cause; its class where it has none. */
    public static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage();
        if (message == null || message.isBlank()) {
            return root.getClass().getSimpleName();
        }
        return message.contains("\n")
                ? ofTrace(message)
                : plain(message, root.getClass().getSimpleName());
    }

    /** The last cause of a printed stack trace, or its first line if it names none. */
    public static String ofTrace(String trace) {
        List<String> lines = trace.lines().map(String::strip).toList();
        String cause = lines.stream()
                .filter(line -> line.startsWith(MARK))
                .reduce((first, last) -> last)
                .map(line -> line.substring(MARK.length()))
                .orElseGet(() -> lines.stream()
                        .filter(line -> !line.isEmpty())
                        .findFirst()
                        .orElse(""));
        return plain(cause, cause);
    }

    private static String plain(String message, String otherwise) {
        String plain = CLASS_NAMES.matcher(message).replaceFirst("").strip();
        String line = plain.isEmpty() ? otherwise.substring(otherwise.lastIndexOf('.') + 1) : plain;
        return line.lines().findFirst().orElse("");
    }
}
