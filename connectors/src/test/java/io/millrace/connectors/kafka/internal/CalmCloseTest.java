package io.millrace.connectors.kafka.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class CalmCloseTest {
    @Test
    void whatIsThrownStaysInside() {
        AtomicBoolean asked = new AtomicBoolean();
        CalmClose.close(
                "it",
                () -> {
                    asked.set(true);
                    throw new IllegalStateException("the brokers are away");
                },
                Duration.ofSeconds(10));
        assertThat(asked).isTrue();
    }

    @Test
    void whatTakesLongIsNotWaitedFor() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CalmClose.close(
                "it",
                () -> {
                    never.await();
                    ended.countDown();
                },
                Duration.ofMillis(50));
        assertThat(ended.getCount()).isOne();
        never.countDown();
        ended.await();
    }

    @Test
    void anInterruptedTaskClosesAllTheSameAndStaysInterrupted() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        CalmClose.close("it", ended::countDown, Duration.ofSeconds(10));
        assertThat(Thread.interrupted()).isTrue();
        ended.await();
    }
}
