package io.millrace.models.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TfjsWeightsTest {

    @TempDir
    private Path folder;

    private Path model(String weights, byte[]... files) throws IOException {
        StringBuilder paths = new StringBuilder();
        for (int i = 0; i < files.length; i++) {
            Files.write(folder.resolve("part" + i + ".bin"), files[i]);
            paths.append(i == 0 ? "" : ", ").append("\"part").append(i).append(".bin\"");
        }
        return Files.writeString(
                folder.resolve("model.json"),
                "{\"weightsManifest\": [{\"paths\": [" + paths + "], \"weights\": [" + weights + "]}]}");
    }

    @Test
    void tensorsLieOneAfterTheOtherAcrossFiles() throws IOException {
        // 1.5 as float; then 2 and -0.25 as halves (0x4000, 0xb400); then 7.
        byte[] bytes = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putShort((short) 0x4000)
                .putShort((short) 0xb400)
                .putInt(7)
                .array();
        Path json = model(
                "{\"name\": \"a\", \"shape\": [], \"dtype\": \"float32\"},"
                        + "{\"name\": \"b\", \"shape\": [1, 2], \"dtype\": \"float32\","
                        + " \"quantization\": {\"dtype\": \"float16\"}},"
                        + "{\"name\": \"c\", \"shape\": [1], \"dtype\": \"int32\"}",
                java.util.Arrays.copyOf(bytes, 5),
                java.util.Arrays.copyOfRange(bytes, 5, 12));
        Map<String, HostTensor> read = TfjsWeights.read(json);
        assertThat(read.keySet()).containsExactly("a", "b", "c");
        assertThat(read.get("a").floats()).containsExactly(1.5f);
        assertThat(read.get("b").type()).isEqualTo(DataType.FLOAT16);
        assertThat(read.get("b").shape()).containsExactly(1, 2);
        assertThat(read.get("b").floats()).containsExactly(2, -0.25f);
        assertThat(read.get("c").data().getInt()).isEqualTo(7);
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        Path coarse = model(
                "{\"name\": \"q\", \"shape\": [1], \"dtype\": \"float32\", \"quantization\": {\"dtype\": \"uint8\"}}",
                new byte[1]);
        assertThatThrownBy(() -> TfjsWeights.read(coarse)).hasMessageContaining("q is float32 stored as uint8");
        Path few = model("{\"name\": \"w\", \"shape\": [3], \"dtype\": \"float32\"}", new byte[8]);
        assertThatThrownBy(() -> TfjsWeights.read(few))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("end before w");
        Path shapeless = model("{\"name\": \"w\", \"shape\": [-3], \"dtype\": \"float32\"}", new byte[8]);
        assertThatThrownBy(() -> TfjsWeights.read(shapeless)).hasMessageContaining("w has no shape");
        Path outside = Files.writeString(
                folder.resolve("model.json"), "{\"weightsManifest\": [{\"paths\": [\"../x.bin\"], \"weights\": []}]}");
        assertThatThrownBy(() -> TfjsWeights.read(outside)).hasMessageContaining("beside it");
        Path empty = Files.writeString(folder.resolve("model.json"), "{}");
        assertThatThrownBy(() -> TfjsWeights.read(empty)).hasMessageContaining("no weightsManifest");
        Path broken = Files.writeString(folder.resolve("model.json"), "{");
        assertThatThrownBy(() -> TfjsWeights.read(broken)).hasMessageContaining("is no JSON");
    }
}
