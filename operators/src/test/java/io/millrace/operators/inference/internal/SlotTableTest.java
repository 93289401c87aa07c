package io.millrace.operators.inference.internal;

import java.util.List;

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
        SlotTable.Eviction<String> evicted = table.acquire("d").evicted();
        assertThat(evicted.key() + evicted.slot() + evicted.dirty() + evicted.lastSeen())
                .isEqualTo("a0true7");
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
    void aDirtySlotIsTakenOnce() {
        table.acquire("a");
        table.unpinDirty("a", 3);
        SlotTable.DirtySlot<String> slot = onlyDirty();
        assertThat(slot.key() + slot.slot() + slot.lastSeen()).isEqualTo("a03");
        assertThat(table.dirtyCount()).isEqualTo(1);
        assertThat(table.take(slot)).isTrue();
        assertThat(table.take(slot)).isFalse();
        assertThat(table.dirty()).isEmpty();
        assertThat(table.dirtyCount()).isZero();
        table.forgetStored();
        assertThat(table.dirty()).hasSize(1);
        assertThat(table.dirtyCount()).isEqualTo(1);
    }

    @Test
    void aSlotListedAsDirtyIsNotTakenInFlightNorAfterItsKeyHasLeft() {
        table.acquire("a");
        table.unpinDirty("a", 1);
        SlotTable.DirtySlot<String> slot = onlyDirty();
        table.acquire("a");
        assertThat(table.take(slot)).isFalse();
        table.unpinDirty("a", 2);
        table.remove("a");
        assertThat(table.take(slot)).isFalse();
        assertThat(table.dirtyCount()).isZero();

        table.acquire("b");
        table.unpinDirty("b", 3);
        slot = onlyDirty();
        table.acquire("c");
        table.acquire("d");
        assertThat(table.isResident("b")).isFalse();
        assertThat(table.take(slot)).isFalse();
        assertThat(table.dirtyCount()).isZero();
    }

    private SlotTable.DirtySlot<String> onlyDirty() {
        assertThat(table.dirty()).hasSize(1);
        return table.dirty().get(0);
    }

    private SlotTable.DirtySlot<String> takeOnlyDirty() {
        SlotTable.DirtySlot<String> slot = onlyDirty();
        assertThat(table.take(slot)).isTrue();
        return slot;
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
    void changesAddUpUntilTheStateIsWrittenWholeOrItsGenerationIsOver() {
        table.acquire("a");
        table.unpinDirty("a", 1);
        SlotTable.Durable durable = takeOnlyDirty().durable();
        assertThat(durable.isStored()).isFalse();
        assertThat(durable.nextWhole()).isEqualTo(1);
        assertThat(durable.nextChange(10)).isEqualTo(1);
        assertThat(durable.nextChange(5)).isEqualTo(2);
        table.unpinDirty("a", 2);
        durable = takeOnlyDirty().durable();
        assertThat(durable.isStored()).isTrue();
        assertThat(durable.changeBytes()).isEqualTo(15);
        table.forgetStored();
        durable = takeOnlyDirty().durable();
        assertThat(durable.isStored()).isFalse();
        assertThat(durable.isForeign())
                .as("an earlier generation's copy is still there")
                .isTrue();
        assertThat(durable.nextWhole()).isEqualTo(2);
        assertThat(durable.changeBytes()).isZero();
        assertThat(durable.isForeign()).isFalse();
    }

    @Test
    void whatWasLoadedIsGoneOnWithUnlessItIsOfAnotherGeneration() {
        StoredState stored = new StoredState(
                4, new CacheEntry.Origin("m", "1", "", "x"), 6, 9, new byte[8], List.of(new byte[70], new byte[7]));
        table.acquire("b");
        table.loaded("b", stored, 4);
        table.unpinDirty("b", 3);
        SlotTable.DirtySlot<String> slot = takeOnlyDirty();
        assertThat(slot.lastSeen()).isEqualTo(9);
        assertThat(slot.durable().changeBytes()).isEqualTo(77);
        assertThat(slot.durable().nextChange(1)).isEqualTo(3);
        assertThat(slot.durable().base()).isEqualTo(6);
        table.acquire("c");
        table.loaded("c", stored, 5);
        table.unpinDirty("c", 3);
        assertThat(takeOnlyDirty().durable().isForeign()).isTrue();
    }
}
