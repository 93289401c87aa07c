package io.millrace.models.speech.nemo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The cut with the greatest sum of scores (Kudo 2018, section 3.1), found by Viterbi. A single character that is no piece
 * may be taken as unknown at a penalty.
 */
final class UnigramSegmenter implements Segmenter {

    private static final float UNKNOWN_PENALTY = 10;
    private static final float USER_DEFINED_DISCOUNT = 0.1f;

    private final Vocabulary vocabulary;

    UnigramSegmenter(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    @Override
    public List<String> segments(String text) {
        float[] best = new float[text.length() + 1];
        int[] from = new int[text.length() + 1];
        Arrays.fill(from, -1);
        for (int start = 0; start < text.length(); start = text.offsetByCodePoints(start, 1)) {
            int single = text.offsetByCodePoints(start, 1);
            boolean singleIsPiece = false;
            int last = Math.min(text.length(), start + vocabulary.longest());
            for (int end = single;
                    end <= last;
                    end = end == text.length() ? end + 1 : text.offsetByCodePoints(end, 1)) {
                String segment = text.substring(start, end);
                int id = vocabulary.segment(segment);
                if (id >= 0 && vocabulary.piece(id).kind() != Vocabulary.Kind.UNUSED) {
                    singleIsPiece |= end == single;
                    offer(best, from, start, end, score(segment, vocabulary.piece(id)));
                }
            }
            if (!singleIsPiece) {
                offer(best, from, start, single, vocabulary.minScore() - UNKNOWN_PENALTY);
            }
        }
        Deque<String> segments = new ArrayDeque<>();
        for (int end = text.length(); end > 0; end = from[end]) {
            segments.addFirst(text.substring(from[end], end));
        }
        return new ArrayList<>(segments);
    }

    /** The first of several equal ways is kept. */
    private static void offer(float[] best, int[] from, int start, int end, float score) {
        if (from[end] < 0 || best[start] + score > best[end]) {
            best[end] = best[start] + score;
            from[end] = start;
        }
    }

    /** A piece that the user defined beats every cut of the same text into normal ones. */
    private float score(String segment, Vocabulary.Piece piece) {
        if (piece.kind() == Vocabulary.Kind.USER_DEFINED) {
            int length = segment.getBytes(StandardCharsets.UTF_8).length;
            return length * vocabulary.maxScore() - USER_DEFINED_DISCOUNT;
        }
        return piece.score();
    }
}
