package io.millrace.models.speech.nemo;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * A SentencePiece model: turns token ids into text and text into ids, as the reference library does for unigram and
 * byte-pair models. Normalisation follows the model's rule name; its compiled
 * character map is not interpreted (a map that a user compiled counts as NFKC).
 */
public final class SentencePieceModel {

    private final Vocabulary vocabulary;
    private final Normalizer normalizer;
    private final Segmenter segmenter;
    private final boolean byteFallback;
    private final String unknownText;

    SentencePieceModel(
            Vocabulary vocabulary,
            Normalizer normalizer,
            Segmenter segmenter,
            boolean byteFallback,
            String unknownText) {
        this.vocabulary = vocabulary;
        this.normalizer = normalizer;
        this.segmenter = segmenter;
        this.byteFallback = byteFallback;
        this.unknownText = unknownText;
    }

    /**
     * Parses a model file, the protobuf that a NeMo archive holds as {@code HASH_tokenizer.model}.
     *
     * @throws IllegalArgumentException if it is damaged or of another kind than unigram or BPE; the message has the
     *     reason
     */
    public static SentencePieceModel parse(ByteBuffer model) {
        return new SentencePieceFile().read(new ProtobufReader(model));
    }

    /** Number of pieces; ids run from 0 to one less. */
    public int size() {
        return vocabulary.size();
    }

    /**
     * A piece's text, U+2581 for a space.
     *
     * @throws IllegalArgumentException if there is no such id
     */
    public String piece(int id) {
        return vocabulary.piece(id).text();
    }

    /** The id of the piece that stands for unknown text. */
    public int unknownId() {
        return vocabulary.unknown();
    }

    /**
     * The text of token ids. Control pieces vanish, an unknown one becomes the model's sign for it (usually U+2047
     * between spaces), runs of byte pieces are read as UTF-8, and the space in front of the first word is dropped.
     *
     * @throws IllegalArgumentException if an id is none of this model
     */
    public String decode(int... ids) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean atStart = true;
        for (int id : ids) {
            Vocabulary.Piece piece = vocabulary.piece(id);
            if (piece.kind() == Vocabulary.Kind.BYTE) {
                bytes.write(
                        Integer.decode(piece.text().substring(1, piece.text().length() - 1)));
                continue;
            }
            flush(bytes, text);
            atStart &= text.isEmpty();
            String shown = shown(piece, atStart);
            atStart &= normalizer.removeExtraSpaces()
                    || shown.length() == piece.text().length();
            text.append(shown);
        }
        flush(bytes, text);
        return text.toString();
    }

    private String shown(Vocabulary.Piece piece, boolean atStart) {
        return switch (piece.kind()) {
            case CONTROL -> "";
            case UNKNOWN -> unknownText;
            default -> {
                boolean dropsSpace = atStart
                        && (normalizer.addDummyPrefix() || normalizer.removeExtraSpaces())
                        && piece.text().charAt(0) == Normalizer.SPACE;
                yield piece.text().substring(dropsSpace ? 1 : 0).replace(Normalizer.SPACE, ' ');
            }
        };
    }

    private static void flush(ByteArrayOutputStream bytes, StringBuilder text) {
        text.append(bytes.toString(StandardCharsets.UTF_8));
        bytes.reset();
    }

    /**
     * The token ids of a text. A run of characters that no piece covers becomes one unknown id, or its UTF-8 bytes where
     * the model has pieces for them.
     */
    public int[] encode(String text) {
        IntStream.Builder ids = IntStream.builder();
        boolean wasUnknown = false;
        for (String segment : segmenter.segments(normalizer.apply(text))) {
            int id = vocabulary.segment(segment);
            if (id < 0 && byteFallback) {
                for (byte value : segment.getBytes(StandardCharsets.UTF_8)) {
                    ids.add(vocabulary.ofByte(value & 0xff));
                }
            } else if (id >= 0 || !wasUnknown) {
                ids.add(id < 0 ? vocabulary.unknown() : id);
            }
            wasUnknown = id < 0 && !byteFallback;
        }
        return ids.build().toArray();
    }
}
