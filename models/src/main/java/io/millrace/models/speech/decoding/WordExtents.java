package io.millrace.models.speech.decoding;

import java.util.List;

import io.millrace.models.speech.frontend.Loudness;

/**
 * Where words begin and end, from the frames of their tokens and the loudness of the audio. A streaming network gives a
 * word out once it has heard most of it, so that a token's frame is near the word's end and says little of its start.
 *
 * <p>Between the tokens of two words there is one pause, perhaps of no length. It lies where most of the quiet is that is
 * not much nearer to one of the tokens than words are long: the end and the start that make
 *
 * <pre>  sum over the pause of 2 w g(t)  +  (end - token - c)^2 / 2 a^2  +  (start - (next token - d))^2 / 2 b^2</pre>
 *
 * least, g(t) being how far the level lies above a threshold, from -1 to 1. The threshold is a share of the way from the
 * quietest level of the utterance to the loudest of the quieter word. Where no level stands out there is nothing to go
 * by, and a word lasts from its first token to its last.
 */
final class WordExtents {

    /** Mel frames, of 10 ms, before an utterance's first token that may matter to it. */
    static final int BEFORE = 150;
    /** Mel frames behind its last token that may. */
    static final int BEHIND = 35;

    // Found on strings of digits of the validation part: models/SPEECH.md.
    private static final double THRESHOLD = 0.12;
    private static final double FULL_LEVELS = 6.0 * Loudness.STEPS;
    private static final double WEIGHT = 0.6;
    private static final double START_LEAD = 39;
    private static final double START_DEVIATION = 10;
    private static final double END_LAG = 2;
    private static final double END_DEVIATION = 10;

    private static final int LONGEST_LEAD = 90;
    private static final int LEAST_LEAD = 5;
    private static final int EARLIEST_END = 17;
    private static final int LOUD_FRAMES = 40;
    /** Range of levels below which there is nothing to go by. */
    private static final int LEAST_RANGE = 6 * Loudness.STEPS;

    private final Levels levels;
    private final double floor;

    /**
     * A word's tokens.
     *
     * @param first mel frame that was the last heard when the first came out
     * @param last that of the last
     */
    record Heard(long first, long last) {}

    /**
     * A word.
     *
     * @param start first mel frame
     * @param end frame behind the last
     */
    record Extent(long start, long end) {}

    /** Extents of words in an utterance with these levels. */
    WordExtents(Levels levels) {
        this.levels = levels;
        double least = Double.MAX_VALUE;
        for (long t = levels.first(); t < levels.end(); t++) {
            least = Math.min(least, smooth(t));
        }
        floor = least;
    }

    /** Extents of an utterance's words, in order and without overlap; null where the levels do not tell. */
    Extent[] of(List<Heard> words) {
        int count = words.size();
        if (count == 0 || levels.isEmpty() || loudest(words) - floor < LEAST_RANGE) {
            return null;
        }
        long[] starts = new long[count];
        long[] ends = new long[count];
        long earliest = levels.first();
        for (int i = -1; i < count; i++) {
            Heard before = i < 0 ? null : words.get(i);
            Heard after = i + 1 < count ? words.get(i + 1) : null;
            long[] pause = pause(before, after, earliest);
            if (before != null) {
                ends[i] = pause[0];
            }
            if (after != null) {
                starts[i + 1] = pause[1];
                earliest = pause[1];
            }
        }
        Extent[] extents = new Extent[count];
        for (int i = 0; i < count; i++) {
            extents[i] = new Extent(starts[i], ends[i]);
        }
        return extents;
    }

    private double loudest(List<Heard> words) {
        return words.stream().mapToDouble(this::peak).max().orElseThrow();
    }

    private double peak(Heard word) {
        double most = -Double.MAX_VALUE;
        for (long t = Math.max(levels.first(), word.last() - LOUD_FRAMES); t <= word.last(); t++) {
            most = Math.max(most, smooth(t));
        }
        return most;
    }

    private double smooth(long t) {
        return (levels.at(t - 1) + levels.at(t) + levels.at(t + 1)) / 3.0;
    }

    /** End of the word before and start of the word after; there is one of them at least. */
    private long[] pause(Heard before, Heard after, long earliest) {
        long to = after != null ? after.first() - LEAST_LEAD : Math.min(levels.end(), before.last() + BEHIND);
        long from = before != null ? before.last() - EARLIEST_END : after.first() - LONGEST_LEAD;
        // A word does not end before it begins, even where tokens come out in one frame.
        from = Math.max(earliest, Math.min(from, to));
        to = Math.max(from, to);
        double peak = Math.min(
                before == null ? Double.MAX_VALUE : peak(before), after == null ? Double.MAX_VALUE : peak(after));
        double threshold = floor + THRESHOLD * (peak - floor);
        double quiet = 0;
        double leastEnd = Double.MAX_VALUE;
        double least = Double.MAX_VALUE;
        long end = from;
        long[] best = {from, from};
        for (long t = from; t <= to; t++) {
            double asEnd = before == null ? 0 : deviation(t - before.last() - END_LAG, END_DEVIATION);
            if (asEnd - quiet < leastEnd) {
                leastEnd = asEnd - quiet;
                end = t;
            }
            double asStart = after == null ? 0 : deviation(t - after.first() + START_LEAD, START_DEVIATION);
            if (leastEnd + quiet + asStart < least) {
                least = leastEnd + quiet + asStart;
                best = new long[] {end, t};
            }
            quiet += 2 * WEIGHT * Math.max(-1, Math.min(1, (smooth(t) - threshold) / FULL_LEVELS));
        }
        return best;
    }

    private static double deviation(double frames, double deviation) {
        return frames * frames / (2 * deviation * deviation);
    }
}
