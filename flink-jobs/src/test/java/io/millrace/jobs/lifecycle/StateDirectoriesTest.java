package io.millrace.jobs.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

import io.millrace.jobs.config.ConfigurationException;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Where state lies, and how it is named to people. */
class StateDirectoriesTest {

    @Test
    void directoriesAreMadeBeforeTheJobStarts(@TempDir Path folder) {
        StateFolders folders = new StateFolders(
                folder.resolve("a/checkpoints").toUri().toString(),
                folder.resolve("b/savepoints").toUri().toString());
        StateDirectories.check(folders);
        assertThat(folder.resolve("a/checkpoints")).isDirectory();
        assertThat(folder.resolve("b/savepoints")).isDirectory();
    }

    @Test
    void whatCannotBeADirectoryIsNamedByItsKey(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        String good = folder.resolve("good").toUri().toString();
        assertThatThrownBy(() -> StateDirectories.check(
                        new StateFolders(good, file.resolve("below").toUri().toString())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("flink.savepoint-directory: ")
                .hasMessageContaining("file/below");
        assertThatThrownBy(() -> StateDirectories.check(new StateFolders("s4://bucket/x", good)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("flink.checkpoint-directory: no file system for the scheme s4; FLINK_PLUGINS_DIR names the"
                        + " folder of Flink's file system plugins");
    }

    @Test
    void aPathIsNoUri() {
        for (String wrong : new String[] {"/var/lib/millrace", "my folder", "x"}) {
            assertThatThrownBy(() -> StateDirectories.checkForm(new StateFolders(wrong, "file:///s")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("flink.checkpoint-directory must be a URI with a scheme, such as"
                            + " file:///var/lib/millrace, got " + wrong);
        }
        assertThatThrownBy(() -> StateDirectories.checkForm(new StateFolders("file:///c", "s")))
                .hasMessageStartingWith("flink.savepoint-directory must be a URI");
        StateDirectories.checkForm(new StateFolders("s3://bucket/c", "file:///s"));
    }

    @Test
    void aJobsFoldersLieBelowTheDirectories() {
        assertThat(StateFolders.of("flows", "file:///c/", Optional.empty()))
                .isEqualTo(new StateFolders("file:///c/flows", "file:///c/flows/savepoints"));
        assertThat(StateFolders.of("flows", "file:///c", Optional.of("s3://s")))
                .isEqualTo(new StateFolders("file:///c/flows", "s3://s/flows"));
    }

    @Test
    void theFoldersAreReadFromFlinksOptions() {
        Configuration options = new Configuration();
        assertThat(StateFolders.in(options)).isEmpty();
        options.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file:///c");
        options.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, "file:///s");
        assertThat(StateFolders.in(options)).contains(new StateFolders("file:///c", "file:///s"));
    }

    @Test
    void aStateIsNamedByKindPlaceAndTheTimeOfThisPlace() {
        Instant then = LocalDateTime.of(2026, 1, 5, 9, 7, 3, 999_000_000)
                .atZone(ZoneId.systemDefault())
                .toInstant();
        assertThat(new SavedState("file:/s", SavedState.Kind.SAVEPOINT, then))
                .hasToString("savepoint file:/s (2026-01-05 09:07:03)");
        assertThat(new SavedState("file:/c/chk-1", SavedState.Kind.CHECKPOINT, then))
                .hasToString("checkpoint file:/c/chk-1 (2026-01-05 09:07:03)");
    }

    @Test
    void whatOutlastsAProcessIsWhereItIsTold(@TempDir Path folder) {
        String before = System.getProperty("millrace.state");
        try {
            System.setProperty("millrace.state", folder.toString());
            assertThat(MillraceHome.checkpoints()).isEqualTo(folder.resolve("checkpoints"));
            assertThat(MillraceHome.locks()).isEqualTo(folder.resolve("running"));
        } finally {
            if (before == null) {
                System.clearProperty("millrace.state");
            } else {
                System.setProperty("millrace.state", before);
            }
        }
    }
}
