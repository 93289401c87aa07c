package io.millrace.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs a keyed operator over one input in every way that a job may put it through, to its end: without a break, with a
 * restore after every so many steps, with crashes that throw away what was done since the last checkpoint, and rescaled
 * from one subtask to three to two. For each key the answers must be the same in all of them.
 *
 * @param <IN> record
 */
public final class OperatorModes<IN> {

    public static final int MAX_PARALLELISM = 12;

    /** A step of the input: a record, or a watermark where {@code record} is null. */
    public record Step<IN>(Object key, IN record, long timestamp) {}

    /** An answer of the operator on any of its outputs; answers of a key are compared in their order. */
    public record Answer(String key, String text) {}

    /** A subtask of the operator under test. */
    public interface Subtask<IN> extends AutoCloseable {

        void record(IN record, long timestamp) throws Exception;

        void watermark(long timestamp) throws Exception;

        void endOfInput() throws Exception;

        OperatorSubtaskState checkpoint(long id) throws Exception;

        List<Answer> answers();
    }

    /** Opens a subtask; {@code state} is null for a fresh start. */
    @FunctionalInterface
    public interface Opener<IN> {
        Subtask<IN> open(int parallelism, int index, OperatorSubtaskState state) throws Exception;
    }

    private static final int[] STRIDES = {1, 4, 11};

    private final Opener<IN> opener;
    private final List<Step<IN>> steps = new ArrayList<>();
    private long checkpoints;

    public OperatorModes(Opener<IN> opener) {
        this.opener = opener;
    }

    public OperatorModes<IN> record(Object key, IN record, long timestamp) {
        steps.add(new Step<>(key, record, timestamp));
        return this;
    }

    public OperatorModes<IN> watermark(long timestamp) {
        steps.add(new Step<>(null, null, timestamp));
        return this;
    }

    /** The answers of each key, the same in every mode. */
    public Map<String, List<String>> answers() throws Exception {
        Map<String, List<String>> straight = byKey(restored(steps.size() + 1));
        for (int stride : STRIDES) {
            assertThat(byKey(restored(stride)))
                    .as("restored after every %d steps", stride)
                    .isEqualTo(straight);
            assertThat(byKey(crashed(stride)))
                    .as("crashed %d steps after each checkpoint", stride)
                    .isEqualTo(straight);
        }
        assertThat(byKey(rescaled())).as("rescaled from 1 to 3 to 2").isEqualTo(straight);
        return straight;
    }

    private static Map<String, List<String>> byKey(List<Answer> answers) {
        Map<String, List<String>> byKey = new TreeMap<>();
        answers.forEach(answer ->
                byKey.computeIfAbsent(answer.key(), key -> new ArrayList<>()).add(answer.text()));
        return byKey;
    }

    private List<Answer> restored(int stride) throws Exception {
        List<Answer> answers = new ArrayList<>();
        OperatorSubtaskState state = null;
        for (int from = 0; from == 0 || from < steps.size(); from += stride) {
            boolean last = from + stride >= steps.size();
            state = stage(from, Math.min(from + stride, steps.size()), 0, 1, state, last, answers);
        }
        return answers;
    }

    private List<Answer> crashed(int stride) throws Exception {
        List<Answer> answers = new ArrayList<>();
        OperatorSubtaskState state = null;
        for (int from = 0; from == 0 || from < steps.size(); from += stride) {
            int to = Math.min(from + stride, steps.size());
            stage(from, to, 0, 1, state, to == steps.size(), new ArrayList<>());
            state = stage(from, to, 0, 1, state, to == steps.size(), answers);
        }
        return answers;
    }

    private List<Answer> rescaled() throws Exception {
        List<Answer> answers = new ArrayList<>();
        int third = steps.size() / 3;
        OperatorSubtaskState state = stage(0, third, 0, 1, null, false, answers);
        state = stage(third, 2 * third, 1, 3, state, false, answers);
        stage(2 * third, steps.size(), 3, 2, state, true, answers);
        return answers;
    }

    /** Takes some steps with one parallelism, from a state to the next. */
    private OperatorSubtaskState stage(
            int from,
            int to,
            int parallelismBefore,
            int parallelism,
            OperatorSubtaskState state,
            boolean toTheEnd,
            List<Answer> answers)
            throws Exception {
        OperatorSubtaskState[] parts = new OperatorSubtaskState[parallelism];
        long checkpoint = ++checkpoints;
        for (int index = 0; index < parallelism; index++) {
            OperatorSubtaskState part = state == null || parallelismBefore == 0
                    ? state
                    : AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, MAX_PARALLELISM, parallelismBefore, parallelism, index);
            try (Subtask<IN> subtask = opener.open(parallelism, index, part)) {
                for (Step<IN> step : steps.subList(from, to)) {
                    if (step.record() == null) {
                        subtask.watermark(step.timestamp());
                    } else if (owner(step.key(), parallelism) == index) {
                        subtask.record(step.record(), step.timestamp());
                    }
                }
                if (toTheEnd) {
                    subtask.endOfInput();
                }
                parts[index] = subtask.checkpoint(checkpoint);
                answers.addAll(subtask.answers());
            }
        }
        return AbstractStreamOperatorTestHarness.repackageState(parts);
    }

    private static int owner(Object key, int parallelism) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(key, MAX_PARALLELISM, parallelism);
    }
}
