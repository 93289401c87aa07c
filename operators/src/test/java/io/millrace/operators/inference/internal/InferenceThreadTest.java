package io.millrace.operators.inference.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InferenceThreadTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** As a native call, which no interrupt ends. */
    private static void awaitUninterrupted(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException goOn) {
                // A native call does not see it.
            }
        }
    }

    @Test
    void saysWhetherTheRunningCallHasEndedAndDropsTheRest() throws Exception {
        InferenceThread thread = new InferenceThread("test");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean dropped = new AtomicBoolean(true);
        thread.execute(() -> {
            begun.countDown();
            awaitUninterrupted(end);
        });
        thread.execute(() -> dropped.set(false));
        begun.await();
        assertThat(thread.stop(Duration.ofMillis(20))).as("still at it").isFalse();
        end.countDown();
        assertThat(thread.stop(LONG)).isTrue();
        assertThat(dropped).isTrue();
    }

    @Test
    void waitsForTheRunningCallThoughTheTaskWasInterrupted() throws Exception {
        InferenceThread thread = new InferenceThread("test");
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch end = new CountDownLatch(1);
        thread.execute(() -> {
            begun.countDown();
            awaitUninterrupted(end);
            ended.set(true);
        });
        begun.await();
        Thread.currentThread().interrupt();
        new Thread(end::countDown).start();
        assertThat(thread.stop(LONG)).isTrue();
        assertThat(ended).isTrue();
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
}
