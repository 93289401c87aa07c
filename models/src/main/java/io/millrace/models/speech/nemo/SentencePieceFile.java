package io.millrace.models.speech.nemo;

import java.util.ArrayList;
import java.util.List;

/** The fields of {@code sentencepiece_model.proto} that matter for cutting and joining text, with their defaults. */
final class SentencePieceFile {

    private static final int PIECES = 1;
    private static final int TRAINER = 2;
    private static final int NORMALIZER = 3;

    private static final int UNIGRAM = 1;
    private static final int BPE = 2;

    private final List<Vocabulary.Piece> pieces = new ArrayList<>();
    private int modelType = UNIGRAM;
    private boolean byteFallback;
    private String unknownText = " \u2047 ";
    private String rule = "";
    private boolean hasMap;
    private boolean addDummyPrefix = true;
    private boolean removeExtraSpaces = true;
    private boolean escapeSpaces = true;

    SentencePieceModel read(ProtobufReader model) {
        while (model.next()) {
            switch (model.field()) {
                case PIECES -> pieces.add(piece(model.message()));
                case TRAINER -> readTrainer(model.message());
                case NORMALIZER -> readNormalizer(model.message());
                default -> {}
            }
        }
        Vocabulary vocabulary = new Vocabulary(pieces);
        for (int value = 0; byteFallback && value < 256; value++) {
            require(vocabulary.ofByte(value) >= 0, "it lacks a piece for byte " + value);
        }
        Segmenter segmenter =
                switch (modelType) {
                    case UNIGRAM -> new UnigramSegmenter(vocabulary);
                    case BPE -> new BpeSegmenter(vocabulary);
                    default ->
                        throw new IllegalArgumentException(
                                "not a SentencePiece model of type unigram or BPE: type " + modelType);
                };
        Normalizer normalizer =
                new Normalizer(Normalizer.rule(rule, hasMap), addDummyPrefix, removeExtraSpaces, escapeSpaces);
        return new SentencePieceModel(vocabulary, normalizer, segmenter, byteFallback, unknownText);
    }

    private static Vocabulary.Piece piece(ProtobufReader message) {
        String text = "";
        float score = 0;
        int kind = 1;
        while (message.next()) {
            switch (message.field()) {
                case 1 -> text = message.text();
                case 2 -> score = message.float32();
                case 3 -> kind = message.integer();
                default -> {}
            }
        }
        require(kind >= 1 && kind <= Vocabulary.Kind.values().length, "piece " + text + " has kind " + kind);
        require(kind != 6 || text.matches("<0x[0-9A-F]{2}>"), "piece " + text + " is no byte");
        return new Vocabulary.Piece(text, score, Vocabulary.Kind.values()[kind - 1]);
    }

    private void readTrainer(ProtobufReader message) {
        while (message.next()) {
            switch (message.field()) {
                case 3 -> modelType = message.integer();
                case 24 -> require(!message.bool(), "spaces as suffixes are not supported");
                case 35 -> byteFallback = message.bool();
                case 44 -> unknownText = message.text();
                default -> {}
            }
        }
    }

    private void readNormalizer(ProtobufReader message) {
        while (message.next()) {
            switch (message.field()) {
                case 1 -> rule = message.text();
                case 2 -> hasMap = message.size() > 0;
                case 3 -> addDummyPrefix = message.bool();
                case 4 -> removeExtraSpaces = message.bool();
                case 5 -> escapeSpaces = message.bool();
                default -> {}
            }
        }
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("not a SentencePiece model: " + reason);
        }
    }
}
