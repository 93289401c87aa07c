package io.millrace.models.speech.nemo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding (Sennrich et al. 2016): starting from characters, the neighbours whose joint piece has the greatest
 * score are merged, the leftmost of equals first, until no two make a piece.
 */
final class BpeSegmenter implements Segmenter {

    /** Two neighbours that make a piece; void once either has changed, which their joint length shows. */
    private record Pair(int left, int right, int length, float score) {}

    private static final Comparator<Pair> ORDER =
            Comparator.comparingDouble((Pair pair) -> -pair.score()).thenComparingInt(Pair::left);

    private final Vocabulary vocabulary;

    BpeSegmenter(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    @Override
    public List<String> segments(String text) {
        Merging merging = new Merging(text);
        merging.run();
        List<String> segments = new ArrayList<>();
        for (String symbol : merging.symbols) {
            if (!symbol.isEmpty()) {
                merging.split(symbol, segments);
            }
        }
        return segments;
    }

    /** The longest piece that the user defined at this place, or one character. */
    private int symbolEnd(String text, int start) {
        for (int end = Math.min(text.length(), start + vocabulary.longest()); end > start; end--) {
            if (is(vocabulary.segment(text.substring(start, end)), Vocabulary.Kind.USER_DEFINED)) {
                return end;
            }
        }
        return text.offsetByCodePoints(start, 1);
    }

    private boolean is(int id, Vocabulary.Kind kind) {
        return id >= 0 && vocabulary.piece(id).kind() == kind;
    }

    /** One text on its way: a linked list of symbols, a merged one leaving its right half empty. */
    private final class Merging {

        private final List<String> symbols = new ArrayList<>();
        private final int[] previous;
        private final int[] next;
        private final PriorityQueue<Pair> pairs = new PriorityQueue<>(ORDER);
        /** Left halves of unused pieces, which may appear on the way but not in the end. */
        private final Map<String, String> unused = new HashMap<>();

        Merging(String text) {
            for (int start = 0; start < text.length(); ) {
                int end = symbolEnd(text, start);
                symbols.add(text.substring(start, end));
                start = end;
            }
            previous = new int[symbols.size()];
            next = new int[symbols.size()];
            for (int i = 0; i < symbols.size(); i++) {
                previous[i] = i - 1;
                next[i] = i + 1 < symbols.size() ? i + 1 : -1;
            }
        }

        void run() {
            for (int i = 1; i < symbols.size(); i++) {
                offer(i - 1, i);
            }
            for (Pair pair = pairs.poll(); pair != null; pair = pairs.poll()) {
                String left = symbols.get(pair.left());
                String right = symbols.get(pair.right());
                if (left.isEmpty() || right.isEmpty() || left.length() + right.length() != pair.length()) {
                    continue;
                }
                symbols.set(pair.left(), left + right);
                symbols.set(pair.right(), "");
                next[pair.left()] = next[pair.right()];
                if (next[pair.right()] >= 0) {
                    previous[next[pair.right()]] = pair.left();
                }
                offer(previous[pair.left()], pair.left());
                offer(pair.left(), next[pair.left()]);
            }
        }

        private void offer(int left, int right) {
            if (left < 0 || right < 0 || isFrozen(left) || isFrozen(right)) {
                return;
            }
            String joint = symbols.get(left) + symbols.get(right);
            int id = vocabulary.segment(joint);
            if (id >= 0) {
                pairs.add(new Pair(
                        left, right, joint.length(), vocabulary.piece(id).score()));
                if (is(id, Vocabulary.Kind.UNUSED)) {
                    unused.put(joint, symbols.get(left));
                }
            }
        }

        private boolean isFrozen(int index) {
            return is(vocabulary.segment(symbols.get(index)), Vocabulary.Kind.USER_DEFINED);
        }

        /** Takes unused pieces apart again, the way they were joined. */
        void split(String symbol, List<String> into) {
            String left = unused.get(symbol);
            if (left == null) {
                into.add(symbol);
            } else {
                split(left, into);
                split(symbol.substring(left.length()), into);
            }
        }
    }
}
