package io.millrace.operators.inference.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Counts which subtasks have a candidate loaded. Once all have the same, they may swap: at the next checkpoint, so that all
 * change at one cut of the stream, or at once where there are none. A plain machine without threads.
 */
public final class RolloutVotes {

    private final IntSupplier subtasks;
    private final Map<Integer, RolloutMessage.Ready> ready = new HashMap<>();
    private long highest;

    /** {@code subtasks}: how many there are, which a rescale changes. */
    public RolloutVotes(IntSupplier subtasks) {
        this.subtasks = subtasks;
    }

    /** A subtask is ready; what it was ready for before no longer counts. */
    public void ready(int subtask, RolloutMessage.Ready message) {
        ready.put(subtask, message);
    }

    /** What a subtask said no longer holds: it has started again, or given the order up. */
    public void forget(int subtask) {
        ready.remove(subtask);
    }

    /** No subtask is ready any more. */
    public void forgetAll() {
        ready.clear();
    }

    /** Whether all subtasks agree on an order that need not wait for a checkpoint. */
    public boolean isForNow() {
        return isAgreed() && ready.values().stream().noneMatch(RolloutMessage.Ready::atCheckpoints);
    }

    private boolean isAgreed() {
        return ready.size() == subtasks.getAsInt()
                && ready.values().stream()
                                .map(RolloutMessage.Ready::order)
                                .distinct()
                                .count()
                        == 1;
    }

    /** What to tell all subtasks, if they agree; they are asked anew afterwards. */
    public Optional<RolloutMessage.Agreed> take() {
        if (!isAgreed()) {
            return Optional.empty();
        }
        String order = ready.values().iterator().next().order();
        long watermark = Long.MIN_VALUE;
        for (RolloutMessage.Ready vote : ready.values()) {
            highest = Math.max(highest, vote.generation() - 1);
            watermark = Math.max(watermark, vote.watermark());
        }
        ready.clear();
        return Optional.of(new RolloutMessage.Agreed(order, ++highest, watermark));
    }
}
