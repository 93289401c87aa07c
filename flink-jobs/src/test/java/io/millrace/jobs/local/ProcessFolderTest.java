package io.millrace.jobs.local;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ProcessFolderTest {

    @Test
    void whatAKilledProcessLeftIsClearedAndWhatIsInUseIsKept(@TempDir Path all) throws Exception {
        Path left = Files.createDirectories(all.resolve("run-1/tmp"));
        Files.writeString(left.resolve("state"), "x");
        Files.createFile(all.resolve("run-1.lock"));
        try (ProcessFolder first = ProcessFolder.create(all, "run");
                ProcessFolder second = ProcessFolder.create(all, "run")) {
            Files.writeString(first.path().resolve("state"), "x");
            assertThat(all.resolve("run-1")).doesNotExist();
            assertThat(all.resolve("run-1.lock")).doesNotExist();
            assertThat(first.path()).isDirectory().isNotEqualTo(second.path());
        }
        assertThat(all).isDirectoryNotContaining("glob:**/run-*");
    }
}
