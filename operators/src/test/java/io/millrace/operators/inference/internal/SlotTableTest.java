package io.millrace.operators.inference.internal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SlotTableTest {

    private final SlotTable<String> table = new SlotTable<>(2);

    @Test
    void theLeastRecentlyUsedKeyMakesRoom() {
        table.acquire("a");
        table.unpinDirty("a", 7);
        table.acquire("b");
        table.unpin("b");
        assertThat(table.acquire("a").resident()).isTrue();
        table.unpin("a");
        SlotTable.Lease<String> lease = table.acquire("c");
        assertThat(lease.evicted().key()).isEqualTo("b");
        assertThat(lease.evicted().dirty()).isFalse();
        table.unpin("c");
        assertThat(table.acquire("d").evicted()).isEqualTo(new SlotTable.Eviction<>("a", 0, true, 7));
    }

    @Test
    void keysInFlightStay() {
        table.acquire("a");
        table.acquire("b");
        assertThatThrownBy(() -> table.acquire("c"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in flight");
        table.unpin("b");
        assertThat(table.acquire("c").evicted().key()).isEqualTo("b");
    }

    @Test
    void dirtySlotsAreDrainedOnce() {
        table.acquire("a");
        table.unpinDirty("a", 3);
        assertThat(table.drainDirty())
                .singleElement()
                .satisfies(slot ->
                        assertThat(slot.key() + slot.slot() + slot.lastSeen()).isEqualTo("a03"));
        assertThat(table.drainDirty()).isEmpty();
        table.forgetStored();
        assertThat(table.drainDirty()).hasSize(1);
    }

    @Test
    void aForgottenKeyFreesItsSlot() {
        table.acquire("a");
        assertThatThrownBy(() -> table.remove("a")).hasMessageContaining("in flight");
        table.unpin("a");
        table.remove("a");
        assertThat(table.resident()).isZero();
        assertThat(table.lastSeen("a")).isEmpty();
        assertThat(table.acquire("b").slot()).isZero();
    }

    @Test
    void changesAddUpUntilTheStateIsWrittenWholeOrItsVersionIsGone() {
        table.acquire("a");
        table.unpinDirty("a", 1);
        SlotTable.DirtySlot<String> slot = table.drainDirty().get(0);
        assertThat(slot.isStored()).isFalse();
        slot.storedWhole();
        slot.storedChange(10);
        slot.storedChange(5);
        table.unpinDirty("a", 2);
        slot = table.drainDirty().get(0);
        assertThat(slot.isStored()).isTrue();
        assertThat(slot.changeBytes()).isEqualTo(15);
        table.forgetStored();
        assertThat(table.drainDirty().get(0).isStored()).isFalse();
        table.acquire("b");
        table.loaded("b", 9, 77);
        table.unpinDirty("b", 3);
        slot = table.drainDirty().get(0);
        assertThat(slot.lastSeen()).isEqualTo(9);
        assertThat(slot.changeBytes()).isEqualTo(77);
    }
}
