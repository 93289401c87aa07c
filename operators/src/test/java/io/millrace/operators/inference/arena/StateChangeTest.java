package io.millrace.operators.inference.arena;

import java.util.List;
import java.util.Random;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StateChangeTest {

    private static final StateSpec SPEC = new StateSpec(List.of(
            new TensorSpec("ring", DataType.FLOAT32, new Shape(4, 2)),
            new TensorSpec("count", DataType.INT64, new Shape(1)),
            new TensorSpec("scalar", DataType.FLOAT32, new Shape())));

    private final byte[] state = new byte[(int) SPEC.bytesPerKey()];

    @Test
    void unchangedTensorsStayAndTheStateGivenIsNotTouched() {
        new Random(1).nextBytes(state);
        byte[] before = state.clone();
        assertThat(StateChange.apply(SPEC, state, List.of(new byte[3]))).isEqualTo(before);
        byte[] change = new byte[1 + 1 + 8 + 1];
        change[1] = StateChange.REPLACED;
        change[2] = 42;
        byte[] after = StateChange.apply(SPEC, state, List.of(change));
        assertThat(after[32]).isEqualTo((byte) 42);
        assertThat(state).isEqualTo(before);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> StateChange.apply(SPEC, new byte[3], List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("3 bytes");
        assertThatThrownBy(() -> StateChange.apply(SPEC, state, List.of(new byte[2])))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 bytes does not fit");
        assertThatThrownBy(() -> StateChange.apply(SPEC, state, List.of(new byte[4])))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> StateChange.apply(SPEC, state, List.of(new byte[] {7, 0, 0})))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void damagedChangesAreRefusedOrAppliedButNeverReachBeyondTheState() {
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] change = new byte[random.nextInt(40)];
            for (int b = 0; b < change.length; b++) {
                change[b] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(3));
            }
            try {
                assertThat(StateChange.apply(SPEC, state, List.of(change))).hasSameSizeAs(state);
            } catch (IllegalStateException unfit) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }
}
