package io.millrace.jobs.lifecycle;

import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CausesTest {

    @Test
    void theInnermostCauseIsTold() {
        assertThat(Causes.of(
                        new CompletionException(new IllegalStateException("outer", new RuntimeException("inner")))))
                .isEqualTo("inner");
        assertThat(Causes.of(new CompletionException(new InterruptedException())))
                .isEqualTo("InterruptedException");
    }

    @Test
    void aStackTraceInAMessageIsReadToItsLastCause() {
        String server = "[Internal server error., <Exception on server side:\n"
                + "org.apache.flink.runtime.client.JobSubmissionException: Failed to submit job.\n"
                + "\tat org.apache.flink.runtime.Dispatcher(Dispatcher.java:1)\n"
                + "Caused by: java.util.concurrent.CompletionException: java.lang.IllegalArgumentException: parallelism"
                + " 100000 is too high\n"
                + "\t... 4 more\nEnd of exception on server side>]";
        assertThat(Causes.of(new RuntimeException("Failed", new RuntimeException(server))))
                .isEqualTo("parallelism 100000 is too high");
    }

    @Test
    void aTraceWithoutCausesGivesItsFirstLine() {
        assertThat(Causes.ofTrace("java.lang.IllegalStateException: boom\n\tat a.B.c(B.java:1)\n"))
                .isEqualTo("boom");
        assertThat(Causes.ofTrace("java.lang.OutOfMemoryError\n\tat a.B.c(B.java:1)\n"))
                .isEqualTo("OutOfMemoryError");
        assertThat(Causes.ofTrace("")).isEmpty();
    }
}
