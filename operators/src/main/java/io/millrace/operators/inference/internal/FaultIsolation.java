package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import io.millrace.operators.inference.arena.PartialCommitException;
import io.millrace.schemas.DeadLetterReason;

/**
 * Runs a batch so that one bad record cannot take the others with it, and so that a broken device takes none: a batch that
 * throws is halved until the records at fault stand alone; a batch with non-finite outputs is run again without them, so
 * that no state is built on them. A record is at fault only if it fails alone, the model then answers its own trial inputs
 * (or another record), and the record fails once more.
 *
 * @param <O> output of one record
 */
public final class FaultIsolation<O> {

    /** Runs some records of a batch, and makes their states permanent if {@code keep} likes every output. */
    @FunctionalInterface
    public interface Step<O> {
        /**
         * Runs a step.
         *
         * @param indices which records of the batch
         * @param attempt how many steps there were before
         * @param keep whether the outputs are good; if not, the states stay as they were
         * @return the outputs, in the order of {@code indices}
         */
        List<O> run(int[] indices, int attempt, Predicate<List<O>> keep);
    }

    /** What became of one record: an output, or a reason and a message. */
    public record Outcome<O>(O output, DeadLetterReason reason, String message) {
        public boolean succeeded() {
            return reason == null;
        }
    }

    private final Step<O> step;
    private final Predicate<O> finite;
    private final Runnable trial;
    private final Map<Integer, RuntimeException> suspects = new LinkedHashMap<>();
    private List<Outcome<O>> outcomes;
    private int outOfMemoryAt = Integer.MAX_VALUE;
    private int calls;
    private boolean anySuccess;
    private boolean successSinceFailure;

    /**
     * Isolates the faults of one batch.
     *
     * @param step runs records
     * @param finite whether an output is a result
     * @param trial throws if the model does not work at all
     */
    public FaultIsolation(Step<O> step, Predicate<O> finite, Runnable trial) {
        this.step = step;
        this.finite = finite;
        this.trial = trial;
    }

    /**
     * Runs {@code size} records and says what became of each.
     *
     * @throws DeviceFailureException if the model or its device is at fault
     */
    public List<Outcome<O>> run(int size) {
        outcomes = new ArrayList<>(size);
        int[] all = new int[size];
        for (int i = 0; i < size; i++) {
            outcomes.add(null);
            all[i] = i;
        }
        run(all);
        if (!suspects.isEmpty()) {
            judgeSuspects();
        } else if (size > 0 && !anySuccess) {
            tryDevice(null);
        }
        return outcomes;
    }

    private void run(int[] indices) {
        if (indices.length == 0) {
            return;
        }
        try {
            attempt(indices);
        } catch (DeviceFailureException | PartialCommitException notTheRecords) {
            throw notTheRecords;
        } catch (RuntimeException failure) {
            successSinceFailure = false;
            if (isOutOfMemory(failure)) {
                outOfMemoryAt = Math.min(outOfMemoryAt, indices.length);
            }
            if (indices.length == 1) {
                suspects.put(indices[0], failure);
            } else {
                int half = indices.length / 2;
                run(Arrays.copyOfRange(indices, 0, half));
                run(Arrays.copyOfRange(indices, half, indices.length));
            }
        }
    }

    private void attempt(int[] indices) {
        Checked checked = new Checked();
        List<O> outputs = step.run(indices, calls++, checked);
        if (outputs.size() != indices.length) {
            throw new IllegalStateException(
                    "the model gave " + outputs.size() + " outputs for " + indices.length + " inputs");
        }
        if (checked.good || allFinite(outputs)) {
            anySuccess = true;
            successSinceFailure = true;
            for (int i = 0; i < indices.length; i++) {
                outcomes.set(indices[i], new Outcome<>(outputs.get(i), null, null));
            }
            return;
        }
        int[] good = new int[indices.length];
        int count = 0;
        for (int i = 0; i < indices.length; i++) {
            if (finite.test(outputs.get(i))) {
                good[count++] = indices[i];
            } else {
                outcomes.set(
                        indices[i],
                        new Outcome<>(null, DeadLetterReason.NON_FINITE_OUTPUT, "the model gave " + outputs.get(i)));
            }
        }
        run(Arrays.copyOf(good, count));
    }

    /** Each record that failed alone gets a second chance on a device that is known to work. */
    private void judgeSuspects() {
        RuntimeException example = suspects.values().iterator().next();
        if (!successSinceFailure) {
            tryDevice(example);
        }
        List<Integer> again = List.copyOf(suspects.keySet());
        for (int index : again) {
            try {
                attempt(new int[] {index});
                suspects.remove(index);
            } catch (DeviceFailureException | PartialCommitException notTheRecords) {
                throw notTheRecords;
            } catch (RuntimeException failure) {
                successSinceFailure = false;
                suspects.put(index, failure);
            }
        }
        if (suspects.isEmpty()) {
            return;
        }
        if (!successSinceFailure) {
            tryDevice(example);
        }
        suspects.forEach((index, failure) -> {
            if (isOutOfMemory(failure) && !anySuccess) {
                throw new DeviceFailureException("the device has no memory for a single record", failure);
            }
            outcomes.set(index, new Outcome<>(null, DeadLetterReason.MODEL_FAILURE, describe(failure)));
        });
    }

    private void tryDevice(RuntimeException failure) {
        try {
            trial.run();
        } catch (RuntimeException broken) {
            if (failure != null) {
                broken.addSuppressed(failure);
            }
            throw new DeviceFailureException(
                    "the model does not answer its own trial inputs: " + describe(broken), broken);
        }
    }

    /** Remembers that outputs were good, so that no number is looked at twice. */
    private final class Checked implements Predicate<List<O>> {
        private boolean good;

        @Override
        public boolean test(List<O> outputs) {
            good = allFinite(outputs);
            return good;
        }
    }

    private boolean allFinite(List<O> outputs) {
        for (O output : outputs) {
            if (!finite.test(output)) {
                return false;
            }
        }
        return true;
    }

    /** Smallest batch that the device had no memory for; {@link Integer#MAX_VALUE} if there was none. */
    public int outOfMemoryAt() {
        return outOfMemoryAt;
    }

    /** Steps run so far. */
    public int calls() {
        return calls;
    }

    private static boolean isOutOfMemory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && message.toLowerCase(Locale.ROOT).contains("out of memory")) {
                return true;
            }
        }
        return false;
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return failure.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }
}
