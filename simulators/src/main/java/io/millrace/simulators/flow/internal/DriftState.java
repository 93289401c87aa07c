package io.millrace.simulators.flow.internal;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.millrace.simulators.flow.DriftKind;
import io.millrace.simulators.flow.FlowDrift;

/** Which drifts are in force at the current stream time. */
final class DriftState {
    private final List<FlowDrift> drifts;
    private final long startMicros;
    private final Map<DriftKind, Double> shares = new EnumMap<>(DriftKind.class);
    private long nextChangeMicros;

    DriftState(List<FlowDrift> drifts, long startMicros) {
        this.drifts = drifts;
        this.startMicros = startMicros;
        advance(Long.MIN_VALUE);
    }

    /** Moves to a stream time; cheap when nothing changes. */
    void moveTo(long nowMicros) {
        if (nowMicros >= nextChangeMicros) {
            advance(nowMicros);
        }
    }

    private void advance(long nowMicros) {
        nextChangeMicros = Long.MAX_VALUE;
        for (FlowDrift drift : drifts) {
            long at = startMicros + drift.at().toMillis() * 1000;
            if (at <= nowMicros) {
                shares.merge(drift.kind(), drift.share(), Math::max);
            } else {
                nextChangeMicros = Math.min(nextChangeMicros, at);
            }
        }
    }

    /** Returns the share of the traffic concerned that has changed; 0 before the drift. */
    double share(DriftKind kind) {
        return shares.isEmpty() ? 0 : shares.getOrDefault(kind, 0.0);
    }
}
