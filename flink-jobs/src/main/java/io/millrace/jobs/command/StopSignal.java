package io.millrace.jobs.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells a command that the process is to end (Ctrl-C, SIGTERM), and holds the process until the command has brought its work to an
 * end. The command closes it when it has.
 */
public final class StopSignal implements AutoCloseable {
    private static final int LIMIT_SECONDS = 20;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "stop");

    private StopSignal() {}

    /** Watches for the end of the process. */
    public static StopSignal onShutdown() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Whether the process is to end. */
    public boolean asked() {
        return asked.getCount() == 0;
    }

    /** Waits until the process is to end, or for so long; tells whether it is. */
    public boolean await(long millis) throws InterruptedException {
        return asked.await(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    private void stopAndWait() {
        asked.countDown();
        try {
            finished.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.countDown();
        if (!asked()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process began to end just now; the hook finds that there is nothing to wait for
            }
        }
    }
}
