package io.millrace.operators.inference.internal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchLimitTest {

    private final BatchLimit limit = new BatchLimit(64);

    private int batchesUntil(int wanted) {
        int batches = 0;
        while (limit.get() < wanted) {
            limit.wentWell(limit.get());
            assertThat(++batches).isLessThan(1_000_000);
        }
        return batches;
    }

    @Test
    void shrinksWithTheDevicesMemoryAndGrowsAgain() {
        assertThat(limit.ranOutOfMemory(20)).isTrue();
        assertThat(limit.get()).isEqualTo(10);
        assertThat(limit.ranOutOfMemory(60)).as("a larger one says nothing new").isFalse();
        batchesUntil(64);
        assertThat(limit.get()).isEqualTo(64);
    }

    @Test
    void smallBatchesSayNothing() {
        limit.ranOutOfMemory(40);
        for (int i = 0; i < 100_000; i++) {
            limit.wentWell(19);
        }
        assertThat(limit.get()).isEqualTo(20);
    }

    @Test
    void triesLessOftenTheOftenerItFails() {
        limit.ranOutOfMemory(64);
        int first = batchesUntil(64);
        limit.ranOutOfMemory(64);
        assertThat(batchesUntil(64)).isGreaterThan(first);
    }

    @Test
    void neverFallsBelowOne() {
        limit.ranOutOfMemory(1);
        assertThat(limit.get()).isEqualTo(1);
    }
}
