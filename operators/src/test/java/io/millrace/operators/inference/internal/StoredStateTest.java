package io.millrace.operators.inference.internal;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StoredStateTest {

    private static final CacheEntry.Origin ORIGIN = new CacheEntry.Origin("m", "1", "", "layout");

    private static Map.Entry<CachePosition, CacheEntry> whole(long generation, int base, long seen, int bytes) {
        return Map.entry(new CachePosition(generation, 0), new CacheEntry(base, seen, ORIGIN, new byte[bytes]));
    }

    private static Map.Entry<CachePosition, CacheEntry> change(
            long generation, int sequence, int base, long seen, int bytes) {
        return Map.entry(new CachePosition(generation, sequence), new CacheEntry(base, seen, null, new byte[bytes]));
    }

    @Test
    void changesBelongToTheWholeStateTheyNameWhateverTheOrderOfReading() {
        StoredState stored = StoredState.of(
                        List.of(change(1, 3, 1, 9, 7), change(1, 2, 2, 5, 4), whole(1, 2, 3, 9), change(1, 1, 2, 4, 2)))
                .get(0);
        assertThat(stored.whole()).hasSize(9);
        assertThat(stored.changes()).extracting(bytes -> bytes.length).containsExactly(2, 4);
        assertThat(stored.changeBytes()).isEqualTo(6);
        assertThat(stored.lastSeen()).isEqualTo(5);
        assertThat(stored.base()).isEqualTo(2);
    }

    @Test
    void eachGenerationHasItsOwnTheNewestFirst() {
        assertThat(StoredState.of(List.of(whole(1, 1, 1, 3), whole(7, 1, 2, 4))))
                .extracting(StoredState::generation)
                .containsExactly(7L, 1L);
    }

    @Test
    void noEntriesAreNoState() {
        assertThat(StoredState.of(List.<Map.Entry<CachePosition, CacheEntry>>of()))
                .isEmpty();
    }

    @Test
    void changesWithoutAStateAreRefused() {
        assertThatThrownBy(() -> StoredState.of(List.of(change(1, 1, 1, 1, 3))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without the state");
    }
}
