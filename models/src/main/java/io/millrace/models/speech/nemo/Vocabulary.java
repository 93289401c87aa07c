package io.millrace.models.speech.nemo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pieces of a SentencePiece model by id and by text. */
final class Vocabulary {

    /** The kinds of pieces, in the order of their numbers in the file, which start at one. */
    enum Kind {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    /** A piece: its text, its log-probability or merge priority, and its kind. */
    record Piece(String text, float score, Kind kind) {}

    private static final String BYTE_PIECE = "<0x%02X>";

    private final List<Piece> pieces;
    private final Map<String, Integer> segments = new HashMap<>();
    private final int[] bytes = new int[256];
    private final int unknown;
    private final int longest;
    private final float minScore;
    private final float maxScore;

    /** @throws IllegalArgumentException if a text occurs twice or there is not exactly one unknown piece */
    Vocabulary(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        Map<String, Integer> ids = new HashMap<>();
        List<Integer> unknowns = new ArrayList<>();
        int chars = 0;
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            require(!piece.text().isEmpty(), "piece " + id + " is empty");
            require(ids.put(piece.text(), id) == null, "piece " + piece.text() + " occurs twice");
            require(Float.isFinite(piece.score()), "piece " + piece.text() + " has a score " + piece.score());
            switch (piece.kind()) {
                case UNKNOWN -> unknowns.add(id);
                case NORMAL, USER_DEFINED, UNUSED -> {
                    segments.put(piece.text(), id);
                    chars = Math.max(chars, piece.text().length());
                }
                default -> {}
            }
            if (piece.kind() == Kind.NORMAL) {
                min = Math.min(min, piece.score());
                max = Math.max(max, piece.score());
            }
        }
        require(unknowns.size() == 1, "it has " + unknowns.size() + " unknown pieces");
        Arrays.setAll(bytes, value -> {
            int id = ids.getOrDefault(String.format(BYTE_PIECE, value), -1);
            return id >= 0 && pieces.get(id).kind() == Kind.BYTE ? id : -1;
        });
        this.unknown = unknowns.get(0);
        this.longest = chars;
        this.minScore = min > max ? 0 : min;
        this.maxScore = min > max ? 0 : max;
    }

    int size() {
        return pieces.size();
    }

    /** @throws IllegalArgumentException if there is no such id */
    Piece piece(int id) {
        require(id >= 0 && id < pieces.size(), "no piece " + id + " among " + pieces.size());
        return pieces.get(id);
    }

    /** The id of a piece that text may be cut into, unused ones included; -1 if it is none. */
    int segment(String text) {
        return segments.getOrDefault(text, -1);
    }

    /** The id of the piece that stands for a byte, 0 to 255; -1 if there is none. */
    int ofByte(int value) {
        return bytes[value];
    }

    int unknown() {
        return unknown;
    }

    /** Length of the longest piece, in chars. */
    int longest() {
        return longest;
    }

    /** Least score of a normal piece. */
    float minScore() {
        return minScore;
    }

    /** Greatest score of a normal piece. */
    float maxScore() {
        return maxScore;
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("not a SentencePiece model: " + reason);
        }
    }
}
