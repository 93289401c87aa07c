package io.millrace.operators.inference.arena;

import java.nio.ByteBuffer;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;
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
        ByteBuffer bytes = ByteBuffer.allocate((int) spec.bytesPerKey());
        for (int i = 0; i < 6; i++) {
            bytes.putFloat(from + i);
        }
        return bytes.putLong(count).array();
    }

    @Test
    void statesComeBackAsTheyWentIn() {
        arena.load(List.of(new ArenaLoad(3, state(10, 7)), new ArenaLoad(0, state(20, 8)), new ArenaLoad(1, null)));
        List<byte[]> read = arena.read(new int[] {0, 1, 3});
        assertThat(read.get(0)).isEqualTo(state(20, 8));
        assertThat(read.get(1)).containsOnly(0);
        assertThat(read.get(2)).isEqualTo(state(10, 7));
        arena.load(List.of(new ArenaLoad(3, null)));
        assertThat(arena.read(new int[] {3}).get(0))
                .as("a slot given to a new key")
                .containsOnly(0);
    }

    @Test
    void writesTakeEffectAtCommitOnly() {
        arena.load(List.of(new ArenaLoad(2, state(0, 1))));
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
        ByteBuffer written = ByteBuffer.wrap(arena.read(new int[] {2}).get(0));
        assertThat(new float[] {written.getFloat(8), written.getFloat(12), written.getFloat(20)})
                .containsExactly(2, 7, 9);
        assertThat(written.getLong(24)).isEqualTo(6);
    }

    @Test
    void statesAreReadInPlaceWhereNotTooManyOthersLieBetween() {
        arena.load(List.of(new ArenaLoad(3, state(10, 7)), new ArenaLoad(0, state(20, 8))));
        try (ArenaStates states = arena.open(new int[] {3, 1})) {
            StateBatch.Resident ring = states.resident(0);
            assertThat(ring.rows().getShape()).as("slots 1 to 3").isEqualTo(new Shape(3, 2, 3));
            assertThat(ring.places().toLongArray()).containsExactly(2, 0);
            assertThat(ring.rows().get(ring.places())).isEqualTo(states.get(0));
        }
        try (ArenaStates states = arena.open(new int[] {2, 3})) {
            assertThat(states.resident(0).rows()).isEqualTo(states.get(0));
            assertThat(states.resident(0).places()).as("each its own").isNull();
        }
        try (StateArena wide = new StateArena(spec, 9, Device.cpu())) {
            wide.load(List.of(new ArenaLoad(8, state(10, 7))));
            try (ArenaStates states = wide.open(new int[] {8, 0})) {
                StateBatch.Resident ring = states.resident(0);
                assertThat(ring.places()).as("nine slots for two").isNull();
                assertThat(ring.rows()).isEqualTo(states.get(0));
            }
        }
    }

    @Test
    void whatIsFetchedAheadIsWhatTheSlotsHoldThenAndIsWrittenBackByTheStep() {
        arena.load(List.of(new ArenaLoad(2, state(0, 1)), new ArenaLoad(1, state(30, 4))));
        ArenaStates fetched = arena.fetch(new int[] {2, 1});
        arena.load(List.of(new ArenaLoad(0, state(50, 9))));
        try (ArenaStates other = arena.open(new int[] {3})) {
            other.put(1, other.get(1).add(1L));
            other.commit();
        }
        try (fetched) {
            assertThat(fetched.get(1).toLongArray()).containsExactly(1, 4);
            assertThat(fetched.get(0).toFloatArray()).startsWith(0, 1, 2).endsWith(33, 34, 35);
            fetched.put(1, fetched.get(1).add(5L));
            fetched.commit();
        }
        assertThat(arena.read(new int[] {2}).get(0)).isEqualTo(state(0, 6));
        assertThat(arena.read(new int[] {1}).get(0)).isEqualTo(state(30, 9));
    }

    @Test
    void rowsAreWrittenAsManyForEachKeyAsTheStepLikes() {
        arena.load(List.of(new ArenaLoad(3, state(0, 1)), new ArenaLoad(1, state(10, 2)), new ArenaLoad(0, null)));
        arena.save(new int[] {0, 1, 3}, new boolean[] {true, true, true});
        try (ArenaStates states = arena.open(new int[] {3, 1})) {
            states.putRows(
                    0,
                    states.manager().create(new long[] {1, 0, 1}),
                    states.manager().create(new long[] {0, 1, 1}),
                    states.manager().create(new float[] {1, 1, 1, 2, 2, 2, 3, 3, 3}, new Shape(3, 3)));
            states.commit();
        }
        assertThat(floats(3)).containsExactly(0, 1, 2, 2, 2, 2);
        assertThat(floats(1)).containsExactly(1, 1, 1, 3, 3, 3);
        assertThat(floats(0)).containsOnly(0);
        List<StateCopy> changes = arena.save(new int[] {3}, new boolean[] {false});
        assertThat(StateChange.apply(spec, state(0, 1), List.of(changes.get(0).bytes())))
                .isEqualTo(arena.read(new int[] {3}).get(0));
    }

    /** Stored states go from machine to machine: their bytes are the same on all. */
    @Test
    void copiesAreBigEndian() {
        arena.load(List.of(new ArenaLoad(0, state(1, 258))));
        byte[] bytes = arena.read(new int[] {0}).get(0);
        assertThat(java.util.Arrays.copyOfRange(bytes, 0, 4)).containsExactly(0x3f, 0x80, 0, 0);
        assertThat(java.util.Arrays.copyOfRange(bytes, 24, 32)).containsExactly(0, 0, 0, 0, 0, 0, 1, 2);
        assertThat(arena.open(new int[] {0}).get(1).toLongArray()).containsExactly(258);
    }

    @Test
    void aStateTooLargeForOneArrayIsRefusedByItsSize() {
        StateSpec huge = new StateSpec(List.of(new TensorSpec("frames", DataType.FLOAT32, new Shape(1 << 29))));
        assertThatThrownBy(() -> new StateArena(huge, 1, Device.cpu())).hasMessageContaining("2147483648 bytes a key");
    }

    private float[] floats(int slot) {
        float[] values = new float[6];
        ByteBuffer.wrap(arena.read(new int[] {slot}).get(0)).asFloatBuffer().get(values);

        return values;
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
        assertThatThrownBy(() -> arena.load(List.of(new ArenaLoad(0, new byte[3]))))
                .hasMessageContaining("3 bytes");
    }

    private void write(int slot, int row, float value) {
        try (ArenaStates states = arena.open(new int[] {slot})) {
            states.put(1, states.get(1).add(1L));
            states.putRow(
                    0,
                    states.manager().create(new long[] {row}),
                    states.manager().create(new float[] {value, value, value}, new Shape(1, 3)));
            states.commit();
        }
    }

    @Test
    void aChangeHoldsTheRowsWrittenSinceTheLastCopyAndLeadsToTheSameState() {
        arena.load(List.of(new ArenaLoad(1, state(0, 1)), new ArenaLoad(2, state(50, 2))));
        write(1, 0, 7);
        write(2, 1, 8);
        List<StateCopy> copies = arena.save(new int[] {2, 1}, new boolean[] {true, false});
        assertThat(copies).extracting(StateCopy::whole).containsExactly(true, false);
        assertThat(copies.get(0).bytes()).isEqualTo(arena.read(new int[] {2}).get(0));
        // Two mode bytes, the count of rows, one row number, one row of three floats, and the counter.
        assertThat(copies.get(1).bytes()).hasSize(2 + 4 + 4 + 12 + 8);
        assertThat(StateChange.apply(spec, state(0, 1), List.of(copies.get(1).bytes())))
                .isEqualTo(arena.read(new int[] {1}).get(0));
        write(1, 1, 9);
        byte[] second = arena.save(new int[] {1}, new boolean[] {false}).get(0).bytes();
        assertThat(second)
                .as("the row of the first change is not in the second")
                .hasSize(30);
        assertThat(StateChange.apply(spec, state(0, 1), List.of(copies.get(1).bytes(), second)))
                .isEqualTo(arena.read(new int[] {1}).get(0));
    }

    @Test
    void aChangeThatIsNoSmallerThanTheStateGivesTheWholeState() {
        arena.load(List.of(new ArenaLoad(0, state(0, 1))));
        write(0, 0, 7);
        write(0, 1, 8);
        StateCopy copy = arena.save(new int[] {0}, new boolean[] {false}).get(0);
        assertThat(copy.whole()).isTrue();
        assertThat(copy.bytes()).isEqualTo(arena.read(new int[] {0}).get(0));
    }

    @Test
    void aSlotGivenToAnotherKeyForgetsWhatItsFormerKeyWrote() {
        arena.load(List.of(new ArenaLoad(0, state(0, 1))));
        write(0, 0, 7);
        arena.load(List.of(new ArenaLoad(0, state(90, 3))));
        write(0, 1, 8);
        StateCopy copy = arena.save(new int[] {0}, new boolean[] {false}).get(0);
        assertThat(copy.whole()).isFalse();
        assertThat(StateChange.apply(spec, state(90, 3), List.of(copy.bytes())))
                .isEqualTo(arena.read(new int[] {0}).get(0));
    }

    @Test
    void aTensorThatIsReplacedOnceIsCopiedWholeFromThenOn() {
        arena.load(List.of(new ArenaLoad(0, state(0, 1))));
        write(0, 0, 7);
        try (ArenaStates states = arena.open(new int[] {0})) {
            states.put(0, states.get(0).mul(2f));
            states.commit();
        }
        write(0, 1, 8);
        StateCopy copy = arena.save(new int[] {0}, new boolean[] {false}).get(0);
        byte[] now = arena.read(new int[] {0}).get(0);
        assertThat(copy.whole() ? copy.bytes() : StateChange.apply(spec, state(0, 1), List.of(copy.bytes())))
                .isEqualTo(now);
    }

    @Test
    void manySlotsAreCopiedInOneGoEachWithItsOwnRows() {
        int slots = 5000;
        try (StateArena many = new StateArena(spec, slots, Device.cpu())) {
            int[] chosen = java.util.stream.IntStream.range(0, slots)
                    .filter(i -> i % 3 != 1)
                    .toArray();
            byte[] zero = new byte[(int) spec.bytesPerKey()];
            try (ArenaStates states = many.open(chosen)) {
                int size = chosen.length;
                long[] rows = new long[size];
                float[] values = new float[size * 3];
                for (int i = 0; i < size; i++) {
                    rows[i] = chosen[i] % 2;
                    java.util.Arrays.fill(values, i * 3, i * 3 + 3, chosen[i]);
                }
                states.putRow(0, states.manager().create(rows), states.manager().create(values, new Shape(size, 3)));
                states.commit();
            }
            List<StateCopy> copies = many.save(chosen, new boolean[chosen.length]);
            List<byte[]> whole = many.read(chosen);
            for (int i = 0; i < chosen.length; i++) {
                assertThat(copies.get(i).whole()).isFalse();
                assertThat(StateChange.apply(spec, zero, List.of(copies.get(i).bytes())))
                        .isEqualTo(whole.get(i));
            }
        }
    }
}
