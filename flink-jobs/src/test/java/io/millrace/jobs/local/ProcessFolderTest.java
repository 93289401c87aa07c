package io.millrace.jobs.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void itIsClosedOnceAndTakesWhatIsInIt(@TempDir Path all) throws Exception {
        ProcessFolder folder = ProcessFolder.create(all, "run");
        Files.writeString(Files.createDirectories(folder.path().resolve("a/b")).resolve("c"), "x");
        folder.close();
        assertThat(folder.path()).doesNotExist();
        Files.createDirectory(folder.path());
        folder.close();
        assertThat(folder.path()).as("another's by now").exists();
    }

    @Test
    void filesOfOthersBesideItStay(@TempDir Path all) throws Exception {
        Path foreign = Files.writeString(all.resolve("notes.txt"), "x");
        Path held = Files.createDirectory(all.resolve("run-without-lock"));
        try (ProcessFolder folder = ProcessFolder.create(all, "run")) {
            assertThat(folder.path().getFileName().toString()).startsWith("run-");
            assertThat(foreign).exists();
            assertThat(held).as("who knows whose it is").exists();
        }
        assertThat(foreign).exists();
    }

    @Test
    void whatCannotBeMadeIsAFailure(@TempDir Path all) throws Exception {
        Path file = Files.createFile(all.resolve("file"));
        assertThatThrownBy(() -> ProcessFolder.create(file, "run")).isInstanceOf(IOException.class);
    }
}
