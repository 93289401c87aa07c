package io.millrace.operators.inference.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;
import io.millrace.operators.inference.internal.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StateArenaTest {

    private final StateSpec spec = new StateSpec(List.of(
            new TensorSpec("ring", DataType.FLOAT32, new Shape(2, 3)),
            new TensorSpec("count", DataType.INT64, new Shape(1))));
    private final StateArena arena = new StateArena(spec, 4, Device.cpu());

    @AfterEach
    void close() {
        arena.close();
    }

    private byte[] state(float from, long count) {
        ByteBuffer bytes = ByteBuffer.allocate((int) spec.bytesPerKey()).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 6; i++) {
            bytes.putFloat(from + i);
        }
        return bytes.putLong(count).array();
    }

    @Test
    void statesComeBackAsTheyWentIn() {
        arena.load(List.of(new Batch.Load(3, state(10, 7)), new Batch.Load(0, state(20, 8)), new Batch.Load(1, null)));
        List<byte[]> read = arena.read(new int[] {0, 1, 3});
        assertThat(read.get(0)).isEqualTo(state(20, 8));
        assertThat(read.get(1)).containsOnly(0);
        assertThat(read.get(2)).isEqualTo(state(10, 7));
        arena.load(List.of(new Batch.Load(3, null)));
        assertThat(arena.read(new int[] {3}).get(0))
                .as("a slot given to a new key")
                .containsOnly(0);
    }

    @Test
    void writesTakeEffectAtCommitOnly() {
        arena.load(List.of(new Batch.Load(2, state(0, 1))));
        try (ArenaStates states = arena.open(new int[] {2})) {
            states.put(1, states.get(1).add(5L));
        }
        assertThat(arena.read(new int[] {2}).get(0)).isEqualTo(state(0, 1));
        try (ArenaStates states = arena.open(new int[] {2, 1})) {
            states.put(1, states.get(1).add(5L));
            states.putRow(
                    0,
                    states.manager().create(new long[] {1, 0}),
                    states.manager().create(new float[] {7, 8, 9, 1, 2, 3}, new Shape(2, 3)));
            states.commit();
        }
        ByteBuffer written = ByteBuffer.wrap(arena.read(new int[] {2}).get(0)).order(ByteOrder.nativeOrder());
        assertThat(new float[] {written.getFloat(8), written.getFloat(12), written.getFloat(20)})
                .containsExactly(2, 7, 9);
        assertThat(written.getLong(24)).isEqualTo(6);
    }

    @Test
    void writesOfTheWrongShapeOrTypeAreRefusedByName() {
        try (ArenaStates states = arena.open(new int[] {2})) {
            assertThatThrownBy(() -> states.put(1, states.manager().zeros(new Shape(1, 2), DataType.INT64)))
                    .hasMessageContaining("count");
            assertThatThrownBy(() -> states.put(1, states.manager().zeros(new Shape(1, 1))))
                    .hasMessageContaining("count takes int64");
        }
    }

    @Test
    void aStoredStateOfAnotherSizeIsRefused() {
        assertThatThrownBy(() -> arena.load(List.of(new Batch.Load(0, new byte[3]))))
                .hasMessageContaining("3 bytes");
    }
}
