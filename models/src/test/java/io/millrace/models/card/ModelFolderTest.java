package io.millrace.models.card;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.streaming.ModelId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ModelFolderTest {

    private record Sizes(int width, List<Integer> levels) {}

    private record Threshold(double value) {}

    private static final Sizes SIZES = new Sizes(3, List.of(4, 2));
    private static final Map<String, HostTensor> WEIGHTS =
            Map.of("scale", HostTensor.of(new float[] {1, 2, 3}, 3), "count", HostTensor.of(new long[] {7}, 1));

    @TempDir
    private Path folder;

    private ModelCard written(String version, Object decision) throws IOException {
        return ModelFolder.write(
                folder,
                ModelCard.draft(
                        "small",
                        version,
                        "A model for tests.",
                        "sum",
                        SIZES,
                        decision,
                        new ModelCard.Training(
                                "millrace train",
                                42,
                                new ModelCard.Data("made", "none", List.of(Map.of("rows", 3))),
                                null,
                                ModelCard.json(Map.of("auroc", 0.5)))),
                WEIGHTS,
                Map.of("names.json", ModelFolder.json(List.of("a", "b"))));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        ModelCard card = written("1", new Threshold(0.9));
        ModelFolder read = ModelFolder.read(folder);
        assertThat(read.card()).isEqualTo(card);
        assertThat(read.card().id()).isEqualTo(new ModelId("small", "1"));
        assertThat(read.card("sum").networkAs(Sizes.class)).isEqualTo(SIZES);
        assertThat(read.card().decisionAs(Threshold.class)).isEqualTo(new Threshold(0.9));
        assertThat(read.json("names.json", String[].class)).containsExactly("a", "b");
        Map<String, HostTensor> weights = read.weights();
        assertThat(weights).containsOnlyKeys(WEIGHTS.keySet());
        assertThat(weights.get("scale").floats()).containsExactly(1, 2, 3);
        assertThat(weights.get("count").longs()).containsExactly(7);
        assertThat(card.weightsSha256()).isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve(ModelFolder.WEIGHTS))));
    }

    @Test
    void aVersionIsTheBeginningOfTheHashOfTheWeightsIfNoneIsGiven() throws IOException {
        ModelCard card = written("", null);
        assertThat(card.version()).isEqualTo(card.weightsSha256().substring(0, 12));
    }

    @Test
    void aDigestTellsModelsApartByAllTheyAreMadeOf() throws IOException {
        written("1", new Threshold(0.9));
        String digest = ModelFolder.read(folder).digest();
        written("1", new Threshold(0.9));
        assertThat(ModelFolder.read(folder).digest()).isEqualTo(digest);
        written("1", new Threshold(0.8));
        assertThat(ModelFolder.read(folder).digest()).isNotEqualTo(digest);
    }

    @Test
    void refusesFilesThatAreNotThoseOfTheCard() throws IOException {
        written("1", null);
        for (String file : List.of(ModelFolder.WEIGHTS, "names.json")) {
            byte[] bytes = Files.readAllBytes(folder.resolve(file));
            bytes[bytes.length - 2] ^= 1;
            Files.write(folder.resolve(file), bytes);
        }
        ModelFolder read = ModelFolder.read(folder);
        assertThatThrownBy(read::weights)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("weights.safetensors is not the file that the card was written for");
        assertThatThrownBy(() -> read.file("names.json"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("names.json is not the file");
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        assertThatThrownBy(() -> ModelFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessage(folder + " is no model directory: card.json is missing");
        written("1", null);
        Files.delete(folder.resolve(ModelFolder.WEIGHTS));
        ModelFolder read = ModelFolder.read(folder);
        assertThatThrownBy(read::weights).hasMessageContaining("weights.safetensors is missing");
        assertThatThrownBy(() -> read.file("other.json")).hasMessageContaining("other.json is missing");
        assertThatThrownBy(() -> read.card().decisionAs(Threshold.class)).hasMessageContaining("decision is missing");
        assertThatThrownBy(() -> ModelFolder.shipped(ModelFolderTest.class, "/nowhere"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("card.json is missing");
    }

    @Test
    void refusesAModelOfAnotherKindByName() throws IOException {
        written("1", null);
        ModelFolder read = ModelFolder.read(folder);
        assertThatThrownBy(() -> read.card("fastconformer"))
                .hasMessage(folder + " holds a model of kind sum, not fastconformer");
        assertThatThrownBy(() -> read.card().networkAs(Threshold.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("card of small:1: network is no Threshold");
        assertThatThrownBy(() -> read.json("names.json", Map.class)).hasMessageContaining("names.json");
    }

    @Test
    void refusesACardThatLacksSomethingOrReachesOutsideItsFolder() throws IOException {
        Path card = Files.writeString(folder.resolve(ModelFolder.CARD), "{\"name\":\"a\"}");
        assertThatThrownBy(() -> ModelFolder.read(folder))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("version");
        written("1", null);
        String good = Files.readString(card);
        Files.writeString(card, good.replace("names.json", "../names.json"));
        assertThatThrownBy(() -> ModelFolder.read(folder)).hasMessageContaining("beside the card");
        Files.writeString(card, good.replace(Sha256.of(Files.readAllBytes(folder.resolve("names.json"))), "12ab"));
        assertThatThrownBy(() -> ModelFolder.read(folder)).hasMessageContaining("64 hexadecimal digits, got 12ab");
        Files.write(card, "not JSON".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ModelFolder.read(folder)).isInstanceOf(IllegalArgumentException.class);
    }
}
