package io.millrace.models.speech.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.speech.TokenEncoder;
import io.millrace.models.speech.Tokens;

/**
 * Phrases that a search prefers: each token of one adds to the score of a hypothesis, and what was added is taken back
 * if the phrase breaks off. An automaton over all phrases (Aho and Corasick, Communications of the ACM 18(6), 1975),
 * whose place of a hypothesis is a number.
 */
public final class PhraseBoost {

    /** The place of a hypothesis that has no token of a phrase. */
    static final int START = 0;

    private final float perToken;
    private final List<Map<Integer, Integer>> children = new ArrayList<>();
    private final List<Integer> depth = new ArrayList<>();
    /** Tokens of the longest whole phrase on the way to a place, the place itself included. */
    private final List<Integer> whole = new ArrayList<>();

    private final List<Boolean> ends = new ArrayList<>();
    private final int[] suffix;
    private final int id;

    /**
     * @param phrases words with one space between them
     * @param perToken what a token of a phrase adds to the natural logarithm of the probability
     * @throws IllegalArgumentException if the tokens cannot say a phrase, or the boost is not positive
     */
    public PhraseBoost(Tokens tokens, List<String> phrases, float perToken) {
        if (!(perToken > 0 && Float.isFinite(perToken))) {
            throw new IllegalArgumentException("the boost of a phrase must be positive, got " + perToken);
        }
        this.perToken = perToken;
        place(0, 0);
        TokenEncoder encoder = new TokenEncoder(tokens);
        for (String phrase : phrases) {
            int at = START;
            for (int token : encoder.phrase(phrase)) {
                at = child(at, token);
            }
            ends.set(at, true);
        }
        this.id = List.of(phrases, perToken).hashCode();
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

    /** A place as it is stored; {@code boost}: null if no phrase is preferred. */
    static long stored(PhraseBoost boost, int place) {
        return boost == null || place == START ? START : (long) boost.id << Integer.SIZE | place;
    }

    /** A place that was stored, or the start if it is of other phrases. */
    static int restored(PhraseBoost boost, long stored) {
        return boost == null || (int) (stored >> Integer.SIZE) != boost.id ? START : (int) stored;
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
