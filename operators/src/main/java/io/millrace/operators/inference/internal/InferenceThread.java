package io.millrace.operators.inference.internal;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread beside the task thread that talks to the device. */
public final class InferenceThread implements DeviceQueue {

    private static final int MOST_QUEUED = 64;

    private final ThreadPoolExecutor executor;

    public InferenceThread(String name) {
        executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_QUEUED), task -> {
            Thread thread = new Thread(task, "inference " + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void execute(Runnable work) {
        executor.execute(work);
    }

    /**
     * Lets the running piece of work end and drops the rest. Safe to call from an interrupted thread.
     *
     * @param patience how long to wait for the running piece
     * @return whether it has ended: if not, what it works with must not be freed
     */
    public boolean stop(Duration patience) {
        executor.shutdownNow();
        boolean interrupted = Thread.interrupted();
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!executor.isTerminated()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    executor.awaitTermination(left, TimeUnit.NANOSECONDS);
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
