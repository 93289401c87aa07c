package io.millrace.connectors.audio.live.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.schemas.Transcript;

/**
 * Names of streams whose connection is gone and whose last results are still to come: who took such a name would read
 * another's words. A name is free when the last result has come, or after ten minutes, in case it never does. Safe for use
 * by many threads.
 */
final class ReleasedStreams {
    private static final long HOLD_NANOS = 600_000_000_000L;
    private static final int MOST = 100_000;

    private record Held(StreamResults results, long until) {}

    private final Map<String, Held> held = new LinkedHashMap<>();

    /** Holds a name until the last result of its stream. */
    synchronized void hold(String streamId, StreamResults results, long nowNanos) {
        held.remove(streamId);
        held.values().removeIf(each -> each.until() - nowNanos < 0);
        if (held.size() == MOST) {
            held.remove(held.keySet().iterator().next());
        }
        held.put(streamId, new Held(results, nowNanos + HOLD_NANOS));
    }

    synchronized boolean holds(String streamId, long nowNanos) {
        Held found = held.get(streamId);
        return found != null && found.until() - nowNanos >= 0;
    }

    /** Takes note of a result of a stream without a connection. */
    synchronized void deliver(Transcript transcript) {
        Held found = held.get(transcript.getStreamId());
        if (found != null
                && found.results().endedBy(transcript)
                && found.results().awaited() == 0) {
            held.remove(transcript.getStreamId());
        }
    }
}
