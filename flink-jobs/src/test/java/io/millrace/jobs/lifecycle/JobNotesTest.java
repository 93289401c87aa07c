package io.millrace.jobs.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JobNotesTest {
    @TempDir
    private Path directory;

    private StateFolders folders;
    private JobNotes notes;

    @BeforeEach
    void makeNotes() {
        folders = StateFolders.of("job", directory.toUri().toString(), Optional.empty());
        notes = new JobNotes(folders);
    }

    private Path file(String name) {
        return directory.resolve("job").resolve(name);
    }

    @Test
    void aJobThatNeverRanHasNoNotes() throws IOException {
        assertThat(notes.lastStart()).isEmpty();
        assertThat(notes.lastStop()).isEmpty();
    }

    @Test
    void theLastStartAndStopAreKeptWithTheTimeOfTheirFile() throws IOException {
        notes.write(new JobNotes.Start(null, "cluster-a"));
        notes.write(new JobNotes.Start("file:/s/savepoint-1", "cluster-b"));
        notes.write(new JobNotes.Stop("file:/e/savepoint-2"));
        Instant then = Instant.parse("2026-01-05T09:00:00Z");
        Files.setLastModifiedTime(file("_started"), FileTime.from(then));

        assertThat(notes.lastStart())
                .contains(new JobNotes.Noted<>(new JobNotes.Start("file:/s/savepoint-1", "cluster-b"), then));
        assertThat(notes.lastStop().orElseThrow().note()).isEqualTo(new JobNotes.Stop("file:/e/savepoint-2"));
        assertThat(directory.resolve("job")).as("nothing half written").isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aNoteOfALaterVersionIsRead() throws IOException {
        Files.createDirectories(directory.resolve("job"));
        Files.writeString(file("_started"), "{\"from\":\"file:/x\",\"kafkaCluster\":null,\"mood\":\"good\"}");
        assertThat(notes.lastStart().orElseThrow().note()).isEqualTo(new JobNotes.Start("file:/x", null));
    }

    @Test
    void aNoteThatIsCutIsToldWithTheRemedy() throws IOException {
        Files.createDirectories(directory.resolve("job"));
        Files.writeString(file("_started"), "{\"from\":\"file:/");
        assertThatThrownBy(() -> StartingPoint.find(folders, new StartingPoint.Wish(null, false), "cluster-a"))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("what the job left in " + folders.checkpoints() + " cannot be read")
                .hasMessageEndingWith("name a savepoint with --from-savepoint, or begin without with --fresh");
        assertThat(StartingPoint.find(folders, new StartingPoint.Wish(null, true), "cluster-a")
                        .state())
                .isEmpty();
    }
}
