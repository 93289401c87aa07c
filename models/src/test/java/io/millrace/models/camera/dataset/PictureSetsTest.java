package io.millrace.models.camera.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PictureSetsTest {

    @TempDir
    private Path folder;

    private Path make(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, new byte[0]);
    }

    @Test
    void foldersOfMvtecAreRead() throws IOException {
        Path train = make("train/good/000.png");
        make("train/good/notes.txt");
        Path good = make("test/good/000.png");
        Path crack = make("test/crack/007.png");
        Path spot = make("test/spot/1.PNG");
        Path mask = make("ground_truth/crack/007_mask.png");
        assertThat(PictureSets.read(folder, 1))
                .containsExactly(
                        new LabelledPicture(train, "normal", null, false),
                        new LabelledPicture(crack, "crack", mask, true),
                        new LabelledPicture(good, "normal", null, true),
                        new LabelledPicture(spot, "spot", null, true));
    }

    @Test
    void ofTwoFoldersAShareOfTheNormalOnesIsKeptForTesting() throws IOException {
        for (int i = 0; i < 10; i++) {
            make("normal/" + i + ".jpg");
        }
        make("anomaly/a.jpg");
        List<LabelledPicture> read = PictureSets.read(folder, 5);
        assertThat(read).hasSize(11);
        assertThat(read.stream().filter(picture -> picture.isNormal() && picture.isTest()))
                .hasSize(3);
        assertThat(read.stream().filter(picture -> !picture.isNormal())).allMatch(LabelledPicture::isTest);
        assertThat(PictureSets.read(folder, 5)).isEqualTo(read);
        assertThat(PictureSets.read(folder, 6)).isNotEqualTo(read);
    }

    @Test
    void anIndexNamesFilesLabelsAndMasks() throws IOException {
        Path picture = make("tiles/blowhole/1.jpg");
        Path mask = make("tiles/masks/1.png");
        make("tiles/free/2.jpg");
        Files.writeString(folder.resolve("index.csv"), """
                file,label,mask,w
                tiles/free/2.jpg,normal,,1
                tiles/blowhole/1.jpg,anomaly:blowhole,tiles/masks/1.png,1
                others/3.jpg,normal,,1
                """);
        List<LabelledPicture> read = PictureSets.read(folder.resolve("tiles"), 1);
        assertThat(read).hasSize(2).contains(new LabelledPicture(picture, "blowhole", mask, true));
    }

    @Test
    void whatIsNoSetIsRefused() throws IOException {
        assertThatThrownBy(() -> PictureSets.read(folder.resolve("none"), 1)).hasMessageContaining("no such folder");
        assertThatThrownBy(() -> PictureSets.read(folder, 1)).hasMessageContaining("neither train/good, nor normal");
        Files.writeString(folder.resolve("index.csv"), "file,mask\na.jpg,\n");
        assertThatThrownBy(() -> PictureSets.read(folder, 1)).hasMessageContaining("columns file and label");
        Files.writeString(folder.resolve("index.csv"), "file,label\na.jpg\n");
        assertThatThrownBy(() -> PictureSets.read(folder, 1)).hasMessageContaining("line 2: 1 columns");
        Files.writeString(folder.resolve("index.csv"), "file,label\na.jpg,anomaly\n");
        assertThatThrownBy(() -> PictureSets.read(folder, 1)).hasMessageContaining("no normal picture to learn from");
    }
}
