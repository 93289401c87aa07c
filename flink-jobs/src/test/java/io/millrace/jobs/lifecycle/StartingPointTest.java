package io.millrace.jobs.lifecycle;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StartingPointTest {
    private static final StartingPoint.Wish NEWEST = new StartingPoint.Wish(null, false);
    private static final StartingPoint.Wish FRESH = new StartingPoint.Wish(null, true);
    /** Time of the first file; each later one is a minute younger. */
    private static final Instant BEGIN = Instant.now().minusSeconds(36_000);

    @TempDir
    private Path directory;

    private StateFolders folders;
    private int minutes;

    @BeforeEach
    void makeFolders() {
        folders = StateFolders.of("job", directory.toUri().toString(), Optional.empty());
    }

    private Path folder(String uri) {
        return Path.of(java.net.URI.create(uri));
    }

    private FileTime nextMinute() {
        return FileTime.from(BEGIN.plusSeconds(60L * minutes++));
    }

    private Path checkpoint(String run, int number) throws IOException {
        return complete(folder(folders.checkpoints()).resolve(run).resolve("chk-" + number));
    }

    private Path savepoint(String name) throws IOException {
        return complete(folder(folders.savepoints()).resolve("savepoint-" + name));
    }

    private Path complete(Path at) throws IOException {
        Files.createDirectories(at);
        Path metadata = at.resolve("_metadata");
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(metadata))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(1, List.of(), List.of()), out);
        }
        Files.setLastModifiedTime(metadata, nextMinute());
        return at;
    }

    private void start(StartingPoint.Wish wish) throws IOException {
        start(wish, "cluster-a");
    }

    private void start(StartingPoint.Wish wish, String kafkaCluster) throws IOException {
        StartingPoint.find(folders, wish, kafkaCluster).note(folders, kafkaCluster);
        Files.setLastModifiedTime(folder(folders.checkpoints()).resolve("_started"), nextMinute());
    }

    private Path found() {
        return StartingPoint.find(folders, NEWEST, "cluster-a")
                .state()
                .map(uri -> Path.of(java.net.URI.create(uri)))
                .orElse(null);
    }

    @Test
    void withoutStateItBeginsAndSaysWhereItLooked() {
        StartingPoint start = StartingPoint.find(folders, NEWEST, "cluster-a");
        assertThat(start.state()).isEmpty();
        assertThat(start.line()).contains("Begins without state").contains(folders.checkpoints());
    }

    @Test
    void theNewestOfSavepointsAndCheckpointsWins() throws IOException {
        checkpoint("first", 9);
        Path stopped = savepoint("a");
        assertThat(found()).isEqualTo(stopped);
        start(NEWEST);
        assertThat(found())
                .as("what it went on from, as long as it has none of its own")
                .isEqualTo(stopped);
        Path later = checkpoint("second", 3);
        assertThat(found()).as("though its number is lower").isEqualTo(later);
    }

    @Test
    void whatIsNotCompleteIsPassedOver() throws IOException {
        Path whole = checkpoint("first", 1);
        Path begun = folder(folders.checkpoints()).resolve("first/chk-2");
        Files.createDirectories(begun);
        Path cut = checkpoint("first", 3).resolve("_metadata");
        FileTime time = Files.getLastModifiedTime(cut);
        Files.write(cut, new byte[] {0x49, 0x60});
        Files.setLastModifiedTime(cut, time);
        assertThat(found()).isEqualTo(whole);
    }

    @Test
    void aFreshStartForgetsForGood() throws IOException {
        Path old = savepoint("a");
        assertThat(StartingPoint.find(folders, FRESH, "cluster-a").line())
                .contains(old.getFileName().toString());
        start(FRESH);
        assertThat(found()).as("killed before its first checkpoint").isNull();
        Path own = checkpoint("second", 1);
        assertThat(found()).isEqualTo(own);
    }

    @Test
    void anOlderSavepointThatWasNamedIsGoneOnFrom() throws IOException {
        Path old = savepoint("a");
        checkpoint("first", 7);
        start(new StartingPoint.Wish(old.toUri().toString(), false));
        assertThat(found()).isEqualTo(old);
    }

    @Test
    void aSavepointElsewhereIsKnownByItsNote() throws IOException {
        checkpoint("first", 7);
        start(NEWEST);
        checkpoint("second", 8);
        Path elsewhere = complete(directory.resolve("elsewhere/savepoint-b"));
        StartingPoint.noteStop(folders, elsewhere.toUri().toString());
        assertThat(found()).isEqualTo(elsewhere);
        start(NEWEST);
        Path later = checkpoint("third", 9);
        Files.setLastModifiedTime(
                later.resolve("_metadata"), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(found()).isEqualTo(later);
    }

    @Test
    void whatIsGoneIsNamedWithTheRemedy() throws IOException {
        Path old = savepoint("a");
        start(NEWEST);
        Files.delete(old.resolve("_metadata"));
        assertThatThrownBy(this::found)
                .isInstanceOf(StateException.class)
                .hasMessageContaining("savepoint-a")
                .hasMessageContaining("--fresh");
        assertThat(StartingPoint.find(folders, FRESH, "cluster-a").state()).isEmpty();
        assertThatThrownBy(() -> StartingPoint.find(
                        folders, new StartingPoint.Wish(old.toUri().toString(), false), "cluster-a"))
                .hasMessageContaining("there is no savepoint or checkpoint at");
    }

    @Test
    void stateOfAnotherKafkaClusterIsRefused() throws IOException {
        start(NEWEST, "cluster-b");
        checkpoint("first", 1);
        assertThatThrownBy(this::found)
                .isInstanceOf(StateException.class)
                .hasMessageContaining("cluster-b")
                .hasMessageContaining("cluster-a");
    }

    @Test
    void jobsOfOneDirectoryHaveFoldersOfTheirOwn() throws IOException {
        savepoint("a");
        StateFolders other = StateFolders.of("jo/b", directory.toUri().toString(), Optional.empty());
        assertThat(StartingPoint.find(other, NEWEST, "cluster-a").state()).isEmpty();
        assertThat(StateFolders.folderName("a/b"))
                .isNotEqualTo(StateFolders.folderName("a_b"))
                .doesNotContain("/");
        assertThat(StateFolders.folderName("..")).isNotEqualTo("..");
    }

    @Test
    void aFileSystemThatIsNotKnownHereIsSaid() {
        StateFolders away = StateFolders.of("job", "s4://bucket/checkpoints", Optional.empty());
        assertThatThrownBy(() -> StartingPoint.find(away, NEWEST, "cluster-a"))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("FLINK_PLUGINS_DIR")
                .hasMessageContaining("--from-savepoint");
        assertThat(StartingPoint.find(away, FRESH, "cluster-a").state()).isEmpty();
    }
}
