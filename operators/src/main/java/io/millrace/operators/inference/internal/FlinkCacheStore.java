package io.millrace.operators.inference.internal;

import java.util.List;
import java.util.OptionalLong;

import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * The durable side of the states: Flink keyed state, and the timers that let it expire.
 *
 * @param <K> key type
 */
public final class FlinkCacheStore<K> implements CacheStore<K> {

    private final KeyContext operator;
    private final InferenceState<K, ?> state;
    private final InternalTimerService<VoidNamespace> timers;
    private final long ttlMillis;

    /** {@code ttlMillis}: event time after which the state of an idle key is gone; 0 keeps it for ever. */
    public FlinkCacheStore(
            KeyContext operator,
            InferenceState<K, ?> state,
            InternalTimerService<VoidNamespace> timers,
            long ttlMillis) {
        this.operator = operator;
        this.state = state;
        this.timers = timers;
        this.ttlMillis = ttlMillis;
    }

    @Override
    public List<StoredState> read(K key) {
        operator.setCurrentKey(key);
        return state.readCache();
    }

    @Override
    public void write(K key, CachePosition position, CacheEntry entry) {
        operator.setCurrentKey(key);
        state.writeCache(position, entry);
    }

    @Override
    public void clear(K key) {
        operator.setCurrentKey(key);
        state.clearCache();
    }

    @Override
    public void started(K key, long timestamp) {
        if (ttlMillis > 0 && timestamp != PendingRecord.NO_TIMESTAMP && timestamp <= Long.MAX_VALUE - 1 - ttlMillis) {
            lookAgain(key, OptionalLong.of(timestamp + ttlMillis));
        }
    }

    /** Has a timer of the key fire. */
    public void lookAgain(K key, OptionalLong time) {
        if (time.isPresent()) {
            operator.setCurrentKey(key);
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time.getAsLong());
        }
    }
}
