package io.millrace.operators.speech;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the chunks of a channel become audio without gaps.
 *
 * @param lookAhead look-ahead of streams that do not ask for one, in encoder frames
 * @param adaptive whether the look-ahead of a stream that is behind is raised
 * @param reorderWait how long a chunk that is missing is waited for, wall clock
 * @param reorderChunks chunks that wait behind a missing one at most, per channel
 * @param gapLimit lost audio that is filled with silence at most; beyond it a new stretch begins
 * @param idleAfter wall-clock time without a chunk after which a stream is over
 */
public record AssemblerSettings(
        int lookAhead, boolean adaptive, Duration reorderWait, int reorderChunks, Duration gapLimit, Duration idleAfter)
        implements Serializable {

    public AssemblerSettings {
        require(lookAhead >= 0, "look-ahead", "must not be negative, got " + lookAhead);
        require(
                !reorderWait.isNegative() && reorderWait.compareTo(Duration.ofMinutes(1)) <= 0,
                "reorder-wait",
                "must be 0 to 1 minute, got " + reorderWait);
        require(
                reorderChunks >= 1 && reorderChunks <= 1024,
                "reorder-chunks",
                "must be 1 to 1024, got " + reorderChunks);
        require(
                !gapLimit.isNegative() && gapLimit.compareTo(Duration.ofMinutes(1)) <= 0,
                "gap-limit",
                "must be 0 to 1 minute, got " + gapLimit);
        require(
                idleAfter.compareTo(reorderWait) > 0 && idleAfter.compareTo(Duration.ofDays(1)) <= 0,
                "idle-after",
                "must be longer than reorder-wait and at most a day, got " + idleAfter);
    }

    private static void require(boolean holds, String name, String what) {
        if (!holds) {
            throw new IllegalArgumentException(name + " " + what);
        }
    }
}
