package io.millrace.models.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SafetensorsTest {

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
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
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
            byte[] bytes = Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length) : good.length);
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
