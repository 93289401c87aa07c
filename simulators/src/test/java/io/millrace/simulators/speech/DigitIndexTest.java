package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DigitIndexTest {
    private static final String HEADER = "speaker,digit,take,offset_samples,num_samples,split";

    @TempDir
    private Path folder;

    @Test
    void takesKeepTheOrderOfTheIndex() throws IOException {
        index(HEADER, "bob,7,12,800,1600,train", "ann,0,0,0,800,test");
        assertThat(DigitIndex.read(folder).takes())
                .containsExactly(
                        new DigitIndex.Take("bob", 7, 12, 800, 1600, "train"),
                        new DigitIndex.Take("ann", 0, 0, 0, 800, "test"));
        assertThat(DigitIndex.read(folder).takes().get(0).word()).isEqualTo("seven");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann,eleven,0,0,10,test",
                "ann,10,0,0,10,test",
                "ann,1,-1,0,10,test",
                "ann,1,0,-1,10,test",
                "ann,1,0,0,0,test",
                ",1,0,0,10,test",
                "ann,1,0,0,10",
                "ann,1,0,0,10,test,more",
            })
    void aLineThatMakesNoSenseIsNamed(String line) throws IOException {
        index(HEADER, "ann,1,0,0,10,test", line);
        assertThatThrownBy(() -> DigitIndex.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder.resolve("index.csv") + " line 3 is not")
                .hasMessageEndingWith(line);
    }

    @Test
    void aFolderThatIsNoneIsRefusedWithTheReason() throws IOException {
        assertThatThrownBy(() -> DigitIndex.read(folder)).hasMessage(folder + " has no index.csv that can be read");
        index("speaker,digit");
        assertThatThrownBy(() -> DigitIndex.read(folder)).hasMessageContaining("must begin with the line");
        index(HEADER);
        assertThatThrownBy(() -> DigitIndex.read(folder)).hasMessageContaining("names no take");
    }

    @Test
    void aRecordingThatEndsBeforeItsLastTakeIsNamed() throws IOException {
        index(HEADER, "ann,3,4,1500,200,test");
        // Read by content, not by name.
        Recordings.write(folder.resolve("ann.flac"), new float[1600]);
        DigitIndex index = DigitIndex.read(folder);
        assertThatThrownBy(() -> index.recording("ann"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ann.flac does not fit index.csv: take 4 of three");
        assertThatThrownBy(() -> index.recording("bob")).hasMessageContaining("bob.flac is not there");
    }

    private void index(String... lines) throws IOException {
        Files.write(folder.resolve("index.csv"), List.of(lines));
    }
}
