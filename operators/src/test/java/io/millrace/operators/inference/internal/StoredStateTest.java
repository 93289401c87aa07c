package io.millrace.operators.inference.internal;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StoredStateTest {

    private static CacheEntry entry(long seen, boolean whole, int bytes) {
        return new CacheEntry("1", seen, whole, new byte[bytes]);
    }

    @Test
    void changesBelongToTheLastWholeState() {
        StoredState stored = StoredState.of(List.of(
                entry(1, true, 8), entry(2, false, 3), entry(3, true, 9), entry(4, false, 2), entry(5, false, 4)));
        assertThat(stored.whole()).hasSize(9);
        assertThat(stored.changeBytes()).isEqualTo(6);
        assertThat(stored.lastSeen()).isEqualTo(5);
    }

    @Test
    void noEntriesAreNoState() {
        assertThat(StoredState.of(null)).isNull();
        assertThat(StoredState.of(List.of())).isNull();
    }

    @Test
    void changesWithoutAStateAreRefused() {
        assertThatThrownBy(() -> StoredState.of(List.of(entry(1, false, 3))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without the state");
    }
}
