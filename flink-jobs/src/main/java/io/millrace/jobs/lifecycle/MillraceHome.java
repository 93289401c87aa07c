package io.millrace.jobs.lifecycle;

import java.nio.file.Path;

/** The folder of the user in which Millrace keeps what must outlast a process, unless it is told to keep it elsewhere. */
public final class MillraceHome {
    /** Environment variable that names another folder. */
    public static final String VARIABLE = "MILLRACE_STATE";

    private static final String PROPERTY = "millrace.state";

    private MillraceHome() {}

    /** {@code ~/.millrace}, or what the variable {@value #VARIABLE} or the system property {@code millrace.state} names. */
    static Path folder() {
        String property = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        return property != null ? Path.of(property) : Path.of(System.getProperty("user.home"), ".millrace");
    }

    /** Directory of checkpoints of jobs that run in a process of this machine and have none configured. */
    public static Path checkpoints() {
        return folder().resolve("checkpoints").toAbsolutePath();
    }

    /** Folder of the locks of running jobs. */
    public static Path locks() {
        return folder().resolve("running");
    }
}
