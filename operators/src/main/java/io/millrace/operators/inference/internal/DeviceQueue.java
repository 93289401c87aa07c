package io.millrace.operators.inference.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What is done on the device, beside the task thread: one piece of work at a time, in the order of submission. */
public interface DeviceQueue extends Executor {

    /** What a piece of work gave: a value or a failure. */
    final class Result<T> {
        private final T value;
        private final Throwable failure;

        private Result(T value, Throwable failure) {
            this.value = value;
            this.failure = failure;
        }

        /** Does the work and keeps what comes of it. */
        public static <T> Result<T> of(Supplier<T> work) {
            try {
                return new Result<>(work.get(), null);
            } catch (Throwable failure) {
                return new Result<>(null, failure);
            }
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

    /** On the task thread: waits for what a piece of work gives. */
    default <T> T await(CompletableFuture<T> promise) {
        return promise.join();
    }

    /** Does {@code work} and hands what it gave to {@code home}, on the thread of the device. */
    default <T> void run(Supplier<T> work, Consumer<Result<T>> home) {
        execute(() -> home.accept(Result.of(work)));
    }
}
