package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import io.millrace.schemas.DeadLetterReason;

/**
 * Runs a batch so that one bad record cannot take the others with it: a batch that throws is halved until the records
 * at fault stand alone; a batch with non-finite outputs is run again without them, so that no state is built on them.
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
         * @param keep whether the outputs are good; if not, the states stay as they were
         * @return the outputs, in the order of {@code indices}
         */
        List<O> run(int[] indices, Predicate<List<O>> keep);
    }

    /** What became of one record: an output, or a reason and a message. */
    public record Outcome<O>(O output, DeadLetterReason reason, String message) {
        public boolean succeeded() {
            return reason == null;
        }
    }

    private final Step<O> step;
    private final Predicate<O> finite;
    private int outOfMemoryAt = Integer.MAX_VALUE;
    private int calls;

    public FaultIsolation(Step<O> step, Predicate<O> finite) {
        this.step = step;
        this.finite = finite;
    }

    /** Runs {@code size} records and says what became of each. */
    public List<Outcome<O>> run(int size) {
        List<Outcome<O>> outcomes = new ArrayList<>(size);
        int[] all = new int[size];
        for (int i = 0; i < size; i++) {
            outcomes.add(null);
            all[i] = i;
        }
        run(all, outcomes);
        return outcomes;
    }

    private void run(int[] indices, List<Outcome<O>> outcomes) {
        if (indices.length == 0) {
            return;
        }
        List<O> outputs;
        Checked checked = new Checked();
        try {
            calls++;
            outputs = step.run(indices, checked);
            if (outputs.size() != indices.length) {
                throw new IllegalStateException(
                        "the model gave " + outputs.size() + " outputs for " + indices.length + " inputs");
            }
        } catch (RuntimeException failure) {
            if (isOutOfMemory(failure)) {
                outOfMemoryAt = Math.min(outOfMemoryAt, indices.length);
            }
            if (indices.length == 1) {
                outcomes.set(indices[0], new Outcome<>(null, DeadLetterReason.MODEL_FAILURE, describe(failure)));
            } else {
                int half = indices.length / 2;
                run(java.util.Arrays.copyOfRange(indices, 0, half), outcomes);
                run(java.util.Arrays.copyOfRange(indices, half, indices.length), outcomes);
            }
            return;
        }
        if (checked.good || allFinite(outputs)) {
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
        run(java.util.Arrays.copyOf(good, count), outcomes);
    }

    /** Remembers that outputs were good, lest every number be looked at twice. */
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
