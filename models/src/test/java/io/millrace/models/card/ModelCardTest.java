package io.millrace.models.card;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.ndarray.types.DataType;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.CausalFlowWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ModelCardTest {

    @TempDir
    Path folder;

    private final CausalFlowConfig config = CausalFlowConfig.standard(3, List.of(4, 2), 2);

    private ModelCard written() throws IOException {
        Path weights = folder.resolve("weights.safetensors");
        Safetensors.write(weights, CausalFlowWeights.random(config, 1));
        ModelCard card = new ModelCard(
                "intrusion",
                "1",
                "causal-flow-transformer",
                ModelCard.toJson(config),
                new ModelCard.TrainingData("made", "none"),
                42,
                Map.of("auroc", 0.5),
                0.9,
                null,
                "abc",
                "weights.safetensors",
                ModelCard.sha256(weights),
                "millrace train");
        card.write(folder);
        return card;
    }

    @Test
    void readsWhatItWrote() throws IOException {
        ModelCard card = written();
        ModelCard read = ModelCard.read(folder);
        assertThat(read).isEqualTo(card);
        assertThat(read.configAs(CausalFlowConfig.class)).isEqualTo(config);
        Map<String, HostTensor> weights = read.readWeights(folder);
        CausalFlowWeights.check(config, weights);
        assertThat(weights.get("classifier.weight").floats())
                .isEqualTo(CausalFlowWeights.random(config, 1)
                        .get("classifier.weight")
                        .floats());
    }

    @Test
    void refusesWeightsThatAreNotTheOnesOfTheCard() throws IOException {
        ModelCard card = written();
        Safetensors.write(folder.resolve("weights.safetensors"), CausalFlowWeights.random(config, 2));
        assertThatThrownBy(() -> card.readWeights(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("intrusion:1");
    }

    @Test
    void namesTheFieldThatACardLacks() throws IOException {
        Files.writeString(folder.resolve("card.json"), "{\"name\":\"a\"}");
        assertThatThrownBy(() -> ModelCard.read(folder)).hasMessageContaining("version");
    }

    @Test
    void refusesAWeightsFileOutsideItsFolder() throws IOException {
        written();
        Path card = folder.resolve("card.json");
        Files.writeString(card, Files.readString(card).replace("weights.safetensors", "../weights.safetensors"));
        assertThatThrownBy(() -> ModelCard.read(folder)).hasMessageContaining("beside the card");
    }

    @Test
    void safetensorsKeepTypesShapesAndNames() {
        Map<String, HostTensor> tensors = Map.of(
                "a/\"b\"", HostTensor.of(new float[] {1, Float.NaN, -0f}, 3),
                "scalar", HostTensor.of(new long[] {Long.MIN_VALUE}),
                "empty", HostTensor.of(new float[0], 0, 4));
        Map<String, HostTensor> read = Safetensors.parse(ByteBuffer.wrap(Safetensors.encode(tensors)));
        assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
        assertThat(read.get("a/\"b\"").floats()).isEqualTo(new float[] {1, Float.NaN, -0f});
        assertThat(read.get("scalar").longs()).containsExactly(Long.MIN_VALUE);
        assertThat(read.get("empty").shape()).containsExactly(0, 4);
        assertThat(read.get("empty").type()).isEqualTo(DataType.FLOAT32);
    }

    @Test
    void refusesMalformedSafetensorsWithAReason() {
        assertReason("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 3, "ends outside");
        assertReason("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 5, "after the last");
        assertReason("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "8 bytes");
        assertReason("{\"a\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "unknown type");
        assertReason("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "starts at 4");
        assertReason("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,4]}}", 4, "a");
        assertReason("{\"a\":1,\"a\":2}", 0, "Duplicate");
        assertReason("[]", 0, "not a JSON object");
    }

    private static void assertReason(String header, int data, String reason) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text).rewind();
        assertThatThrownBy(() -> Safetensors.parse(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void mutatedSafetensorsAreReadOrRefusedButNeverBreakTheReader() {
        byte[] good = Safetensors.encode(
                Map.of("a", HostTensor.of(new float[] {1, 2}, 2), "b", HostTensor.of(new long[] {3}, 1)));
        Random random = new Random(9);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes =
                    java.util.Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length) : good.length);
            for (int m = random.nextInt(4); m >= 0 && bytes.length > 0; m--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Safetensors.parse(ByteBuffer.wrap(bytes));
            } catch (IllegalArgumentException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }
}
