package io.millrace.jobs.lifecycle;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class JobLockTest {

    @Test
    void oneHoldsTheNameOnACluster(@TempDir Path folder) throws Exception {
        try (JobLock first = JobLock.take(folder, "job", "cluster-a")) {
            assertThat(first).isNotNull();
            assertThat(JobLock.take(folder, "job", "cluster-a")).isNull();
            try (JobLock elsewhere = JobLock.take(folder, "job", "cluster-b");
                    JobLock other = JobLock.take(folder, "other", "cluster-a")) {
                assertThat(elsewhere).isNotNull();
                assertThat(other).isNotNull();
            }
        }
        try (JobLock again = JobLock.take(folder, "job", "cluster-a")) {
            assertThat(again).isNotNull();
        }
    }
}
