package io.millrace.operators.inference.internal;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The one thread beside the task thread that talks to the device. Work is done in the order of submission. */
public final class InferenceThread implements Executor, AutoCloseable {

    /** What a piece of work gave: a value or a failure. */
    public static final class Result<T> {
        private final T value;
        private final Throwable failure;

        private Result(T value, Throwable failure) {
            this.value = value;
            this.failure = failure;
        }

        /**
         * The value.
         *
         * @throws IllegalStateException if the work failed in a way that no record is to blame for
         */
        public T get() {
            if (failure != null) {
                throw new IllegalStateException("inference failed: " + failure.getMessage(), failure);
            }
            return value;
        }
    }

    private static final int MOST_QUEUED = 64;

    private final ThreadPoolExecutor executor;

    public InferenceThread(String name) {
        executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_QUEUED), task -> {
            Thread thread = new Thread(task, "inference " + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does {@code work} and hands what it gave to {@code home}, on the inference thread. */
    public <T> void run(Supplier<T> work, Consumer<Result<T>> home) {
        execute(() -> {
            Result<T> result;
            try {
                result = new Result<>(work.get(), null);
            } catch (Throwable failure) {
                result = new Result<>(null, failure);
            }
            home.accept(result);
        });
    }

    @Override
    public void execute(Runnable work) {
        executor.execute(work);
    }

    /** Lets the running piece of work end, drops the rest. */
    @Override
    public void close() throws InterruptedException {
        executor.shutdownNow();
        boolean interrupted = Thread.interrupted();
        executor.awaitTermination(30, TimeUnit.SECONDS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
