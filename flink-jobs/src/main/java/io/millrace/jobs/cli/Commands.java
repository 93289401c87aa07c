package io.millrace.jobs.cli;

import java.util.List;

/** The commands of the root command, in the order that help shows them. */
final class Commands {

    private Commands() {}

    static List<Object> all() {
        return List.of();
    }
}
