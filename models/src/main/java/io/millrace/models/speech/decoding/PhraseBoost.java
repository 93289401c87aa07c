package io.millrace.models.speech.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

import io.millrace.models.speech.tokens.TokenEncoder;

/**
 * Phrases that a search prefers: each token of one adds to the score of a hypothesis, and what was added is taken back
 * if the phrase breaks off. An automaton over all phrases (Aho and Corasick, Communications of the ACM 18(6), 1975),
 * whose place of a hypothesis is a number.
 */
public final class PhraseBoost {

    /** The place of a hypothesis that has no token of a phrase. */
    static final int START = 0;

    /** Prefers nothing. */
    public static final PhraseBoost NONE = new PhraseBoost(0, List.of(), 0);

    private final float perToken;
    private final List<Map<Integer, Integer>> children = new ArrayList<>();
    private final List<Integer> depth = new ArrayList<>();
    /** Tokens of the longest whole phrase on the way to a place, the place itself included. */
    private final List<Integer> whole = new ArrayList<>();

    private final List<Boolean> ends = new ArrayList<>();
    private final int[] suffix;
    private final int id;

    /**
     * Prefers phrases.
     *
     * @param encoder makes tokens of them
     * @param phrases words with one space between them
     * @param perToken what a token of a phrase adds to the natural logarithm of the probability
     * @throws IllegalArgumentException if the tokens cannot say a phrase, or the boost is not positive
     */
    public static PhraseBoost of(TokenEncoder encoder, List<String> phrases, float perToken) {
        if (!(perToken > 0 && Float.isFinite(perToken))) {
            throw new IllegalArgumentException("the boost of a phrase must be positive, got " + perToken);
        }
        List<int[]> encoded = phrases.stream().map(encoder::phrase).toList();
        return new PhraseBoost(List.of(phrases, perToken).hashCode(), encoded, perToken);
    }

    private PhraseBoost(int id, List<int[]> phrases, float perToken) {
        this.id = id;
        this.perToken = perToken;
        place(0, 0);
        for (int[] phrase : phrases) {
            int at = START;
            for (int token : phrase) {
                at = child(at, token);
            }
            ends.set(at, true);
        }
        this.suffix = new int[children.size()];
        link();
    }

    private int place(int level, int longest) {
        children.add(new HashMap<>());
        depth.add(level);
        whole.add(longest);
        ends.add(false);
        return children.size() - 1;
    }

    private int child(int at, int token) {
        Integer known = children.get(at).get(token);
        if (known != null) {
            return known;
        }
        int fresh = place(depth.get(at) + 1, 0);
        children.get(at).put(token, fresh);
        return fresh;
    }

    /** Breadth first: the longest end of each way that is the beginning of another. */
    private void link() {
        Deque<Integer> waiting = new ArrayDeque<>(List.of(START));
        while (!waiting.isEmpty()) {
            int at = waiting.remove();
            for (Map.Entry<Integer, Integer> edge : children.get(at).entrySet()) {
                int to = edge.getValue();
                suffix[to] = at == START ? START : after(suffix[at], edge.getKey());
                whole.set(to, ends.get(to) ? depth.get(to) : whole.get(at));
                waiting.add(to);
            }
        }
    }

    /** The place after a token. */
    int after(int place, int token) {
        int at = place;
        while (true) {
            Integer child = children.get(at).get(token);
            if (child != null) {
                return child;
            }
            if (at == START) {
                return START;
            }
            at = suffix[at];
        }
    }

    /** A place as it is stored. */
    long stored(int place) {
        return place == START ? START : (long) id << Integer.SIZE | place;
    }

    /** A place that was stored, or the start if it is of other phrases. */
    int restored(long stored) {
        return (int) (stored >> Integer.SIZE) == id ? (int) stored : START;
    }

    /**
     * The best of some hypotheses: those of the highest scores stay, the first being the best without what has been added
     * for phrases that are not whole yet.
     *
     * @param width how many stay at most
     */
    <T> List<T> best(Collection<T> all, int width, ToDoubleFunction<T> score, ToIntFunction<T> place) {
        return all.stream()
                .sorted(Comparator.comparingDouble(score).reversed())
                .limit(width)
                .sorted(Comparator.<T>comparingDouble(
                                each -> score.applyAsDouble(each) - pending(place.applyAsInt(each)))
                        .reversed())
                .toList();
    }

    /** What has been added for tokens of a phrase that is not whole yet. */
    float pending(int place) {
        return perToken * (depth.get(place) - whole.get(place));
    }

    /** What a step from a place to the one after it adds to the score, or takes from it. */
    float gain(int place, int next) {
        boolean goesOn = next != START
                && depth.get(next) == depth.get(place) + 1
                && children.get(place).containsValue(next);
        int completed = !ends.get(next) ? 0 : goesOn ? depth.get(next) - whole.get(place) : depth.get(next);
        return perToken * completed + pending(next) - pending(place);
    }
}
