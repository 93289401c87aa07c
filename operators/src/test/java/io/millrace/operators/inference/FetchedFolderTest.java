package io.millrace.operators.inference;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FetchedFolderTest {

    /** A file system that Flink finds as it finds those of object stores; it takes the paths of this machine. */
    public static final class Remote implements FileSystemFactory {
        @Override
        public String getScheme() {
            return "remote-test";
        }

        @Override
        public FileSystem create(URI uri) {
            return new LocalFileSystem() {
                @Override
                public boolean isDistributedFS() {
                    return true;
                }
            };
        }
    }

    @TempDir
    private Path folder;

    private static List<Path> copies() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("millrace-model"))
                    .toList();
        }
    }

    @Test
    void aLocalFolderIsReadWhereItLies() throws Exception {
        for (String location : List.of(folder.toString(), folder.toUri().toString())) {
            try (FetchedFolder model = FetchedFolder.open(location)) {
                assertThat(model.path()).isEqualTo(folder);
            }
        }
        assertThat(folder).exists();
    }

    @Test
    void aRemoteFolderIsCopiedAndTheCopyGoes() throws Exception {
        FileSystem.initialize(new Configuration(), null);
        Files.writeString(folder.resolve("card.json"), "card");
        Files.writeString(folder.resolve("weights.bin"), "weights");
        Files.createDirectory(folder.resolve("other"));
        List<Path> before = copies();
        Path copy;
        try (FetchedFolder model = FetchedFolder.open("remote-test://bucket" + folder)) {
            copy = model.path();
            assertThat(copy).isNotEqualTo(folder);
            assertThat(copy.resolve("card.json")).hasContent("card");
            assertThat(copy.resolve("weights.bin")).hasContent("weights");
        }
        assertThat(copy).doesNotExist();
        assertThat(copies()).isEqualTo(before);
        assertThat(folder.resolve("card.json")).exists();
    }

    @Test
    void whatIsNotThereIsNamed() {
        FileSystem.initialize(new Configuration(), null);
        assertThatThrownBy(() -> FetchedFolder.open("remote-test://bucket" + folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("remote-test://bucket" + folder.resolve("none"));
        assertThatThrownBy(() -> FetchedFolder.open("nowhere://bucket/model"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the model folder nowhere://bucket/model cannot be read: ");
    }
}
