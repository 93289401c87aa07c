package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WatermarkGateTest {

    private final WatermarkGate gate = new WatermarkGate();
    private final List<Long> passed = new ArrayList<>();

    @Test
    void letsAWatermarkPassAtOnceWhenNothingWaits() {
        gate.watermark(5);
        gate.release(passed::add);
        assertThat(passed).containsExactly(5L);
    }

    @Test
    void holdsAWatermarkForEveryRecordBeforeItAndForNoneAfter() {
        WatermarkGate.Epoch first = gate.enter();
        gate.watermark(5);
        WatermarkGate.Epoch second = gate.enter();
        gate.watermark(6);
        gate.enter();
        gate.leave(second);
        gate.release(passed::add);
        assertThat(passed).isEmpty();
        assertThat(gate.held()).isEqualTo(2);
        gate.leave(first);
        gate.release(passed::add);
        assertThat(passed).containsExactly(5L, 6L);
        assertThat(gate.held()).isZero();
    }

    @Test
    void refusesARecordThatLeavesTwice() {
        WatermarkGate.Epoch epoch = gate.enter();
        gate.leave(epoch);
        assertThatThrownBy(() -> gate.leave(epoch)).isInstanceOf(IllegalStateException.class);
    }
}
