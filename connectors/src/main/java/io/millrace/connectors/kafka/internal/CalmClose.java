package io.millrace.connectors.kafka.internal;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what must not throw and not take long. Flink ends the whole TaskManager when a task's clean-up throws, or lasts
 * for longer than its cancellation time-out; and a Kafka producer does both while the brokers are away.
 */
final class CalmClose {
    private static final Logger LOG = LoggerFactory.getLogger(CalmClose.class);

    private CalmClose() {}

    /** Closes in a thread of its own; what it throws is logged, and after the limit it goes on without being waited for. */
    static void close(String what, AutoCloseable closeable, Duration limit) {
        FutureTask<Void> closing = new FutureTask<>(() -> {
            try {
                closeable.close();
            } catch (Exception | LinkageError e) {
                // A LinkageError: the job's classes are gone since the close was given up waiting for.
                LOG.warn("Closing {} failed: {}", what, e.toString());
            }
            return null;
        });
        Thread thread = new Thread(closing, "close " + what);
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        try {
            closing.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Closing {} takes longer than {} s; it is not waited for", what, limit.toSeconds());
        } catch (InterruptedException e) {
            LOG.warn("Closing {} is not waited for: interrupted", what);
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            LOG.warn("Closing {} failed", what, e.getCause());
        }
    }
}
