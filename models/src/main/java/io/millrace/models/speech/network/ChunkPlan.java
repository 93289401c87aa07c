package io.millrace.models.speech.network;

import java.util.Optional;

/**
 * Which mel frames a stream's next step takes, so that what is streamed equals a pass over the whole: a first chunk of 1 +
 * s r frames and further ones of s + s r (s: sub-sampling, r: look-ahead), each behind the s + 1 frames before it, or as
 * many as there are. History is never made up of zeros, which are no silence to convolutions with biases. At the end
 * whatever is left makes a step.
 */
public final class ChunkPlan {

    private final int subsampling;

    /** A plan for a sub-sampling of 4 or 8. */
    public ChunkPlan(int subsampling) {
        this.subsampling = subsampling;
    }

    /**
     * A step.
     *
     * @param history mel frames before the chunk
     * @param fresh mel frames of the chunk
     * @param drop encoder frames that the history makes, to be left out
     */
    public record Step(int history, int fresh, int drop) {}

    /** Mel frames before a chunk that a stream must keep. */
    public int mostHistory() {
        return subsampling + 1;
    }

    /** Mel frames before a chunk, from the encoder frames that they make: none, the first alone, or all that are kept. */
    public int history(int drop) {
        return drop < 2 ? drop : mostHistory();
    }

    /** Mel frames of a chunk behind {@code position} frames. */
    public int chunk(long position, int lookAhead) {
        return (position == 0 ? 1 : subsampling) + subsampling * lookAhead;
    }

    /**
     * The next step.
     *
     * @param position mel frames that steps have taken
     * @param available mel frames that are there, those included
     * @param ended whether there will be no more
     * @return empty while too few frames are there, or none are left
     */
    public Optional<Step> next(long position, long available, boolean ended, int lookAhead) {
        int chunk = chunk(position, lookAhead);
        long waiting = available - position;
        if (waiting < chunk && !(ended && waiting > 0)) {
            return Optional.empty();
        }
        int history = (int) Math.min(mostHistory(), position);
        int drop = history == mostHistory() ? 2 : (history + subsampling - 1) / subsampling;
        return Optional.of(new Step(history, (int) Math.min(chunk, waiting), drop));
    }
}
