package io.millrace.models.speech.nemo;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Small SentencePiece models, as protobuf. */
final class SyntheticPieces {

    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    SyntheticPieces piece(String text, float score, int kind) {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        field(piece, 1, text.getBytes(StandardCharsets.UTF_8));
        piece.write(2 << 3 | 5);
        piece.writeBytes(ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(score)
                .array());
        piece.writeBytes(new byte[] {3 << 3, (byte) kind});
        field(bytes, 1, piece.toByteArray());
        return this;
    }

    /** A field whose bytes are given whole: trainer specification 2, normalizer specification 3. */
    SyntheticPieces message(int number, int... content) {
        byte[] message = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            message[i] = (byte) content[i];
        }
        field(bytes, number, message);
        return this;
    }

    /** Type 1 for unigram and 2 for BPE, with byte pieces for unknown characters or without. */
    SyntheticPieces trainer(int type, boolean byteFallback) {
        return message(2, 3 << 3, type, 35 << 3 & 0x7f | 0x80, 35 >> 4, byteFallback ? 1 : 0);
    }

    /** A rule by its name, with a compiled map (which we do not interpret) or without. */
    SyntheticPieces normalizer(String rule, boolean map) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        field(message, 1, rule.getBytes(StandardCharsets.UTF_8));
        field(message, 2, new byte[map ? 4 : 0]);
        field(bytes, 3, message.toByteArray());
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    SentencePieceModel model() {
        return SentencePieceModel.parse(ByteBuffer.wrap(toBytes()));
    }

    private static void field(ByteArrayOutputStream into, int number, byte[] content) {
        into.write(number << 3 | 2);
        int length = content.length;
        while (length > 0x7f) {
            into.write(length & 0x7f | 0x80);
            length >>= 7;
        }
        into.write(length);
        into.writeBytes(content);
    }

    private SyntheticPieces common() {
        return piece("<unk>", 0, UNKNOWN)
                .piece("<s>", 0, CONTROL)
                .piece("</s>", 0, CONTROL)
                .piece("<x>", 0, USER_DEFINED);
    }

    static byte[] unigram() {
        return unigram(true);
    }

    static byte[] unigram(boolean map) {
        return new SyntheticPieces()
                .common()
                .piece("\u2581", -2, NORMAL)
                .piece("\u2581the", -3, NORMAL)
                .piece("\u2581th", -3.5f, NORMAL)
                .piece("e", -3.75f, NORMAL)
                .piece("t", -4, NORMAL)
                .piece("h", -4.25f, NORMAL)
                .piece("n", -4.5f, NORMAL)
                .piece("he", -4.75f, NORMAL)
                .piece("nn", -1, UNUSED)
                .piece("ten", -9, NORMAL)
                .piece("\u00e9", -6, NORMAL)
                .trainer(1, false)
                .normalizer("nmt_nfkc", map)
                .toBytes();
    }

    static byte[] bpe(boolean byteFallback) {
        SyntheticPieces pieces = new SyntheticPieces().common();
        for (int value = 0; byteFallback && value < 256; value++) {
            pieces.piece(String.format("<0x%02X>", value), 0, BYTE);
        }
        return pieces.piece("\u2581t", -0f, NORMAL)
                .piece("he", -1, NORMAL)
                .piece("\u2581the", -2, NORMAL)
                .piece("en", -3, UNUSED)
                .piece("ten", -4, NORMAL)
                .piece("nn", -5, UNUSED)
                .piece("\u2581", -6, NORMAL)
                .piece("e", -7, NORMAL)
                .piece("t", -8, NORMAL)
                .piece("h", -9, NORMAL)
                .piece("n", -10, NORMAL)
                .trainer(2, byteFallback)
                .normalizer("identity", false)
                .toBytes();
    }
}
