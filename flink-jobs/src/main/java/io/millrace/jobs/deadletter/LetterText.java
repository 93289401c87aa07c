package io.millrace.jobs.deadletter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

import io.millrace.schemas.DeadLetter;

/** Dead letters as people read them. */
public final class LetterText {
    private static final int LINE_BYTES = 16;
    private static final int SHORT_KEY = 40;

    private LetterText() {}

    /** A letter in one line. */
    public static String line(LetterAddress address, DeadLetter letter) {
        return String.format(
                Locale.ROOT,
                "%-8s %s  %s/%s %s  from %s  key %s%s  %s",
                address,
                letter.getFailedTime(),
                letter.getStage(),
                letter.getStep(),
                letter.getReason(),
                origin(letter),
                key(letter),
                letter.getCutBytes() == 0 ? "" : "  (" + letter.getCutBytes() + " bytes cut)",
                letter.getMessage().lines().findFirst().orElse(""));
    }

    /** Where the record was read: {@code TOPIC/PARTITION@OFFSET}, or a dash. */
    public static String origin(DeadLetter letter) {
        if (letter.getTopic() == null) {
            return "-";
        }
        return letter.getTopic()
                + (letter.getPartition() == null ? "" : "/" + letter.getPartition())
                + (letter.getOffset() == null ? "" : "@" + letter.getOffset());
    }

    private static String key(DeadLetter letter) {
        if (letter.getKey() == null) {
            return "-";
        }
        String key = text(letter.getKey()).orElseGet(() -> "0x" + HexFormat.of().formatHex(bytes(letter.getKey())));
        return key.length() <= SHORT_KEY ? key : key.substring(0, SHORT_KEY) + "...";
    }

    /** The bytes as a text, if they are one that can be printed. */
    public static Optional<String> text(ByteBuffer buffer) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(buffer.duplicate());
            return text.chars().anyMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))
                    ? Optional.empty()
                    : Optional.of(text.toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The bytes as offset, hexadecimal digits and characters, 16 a line. */
    public static String hex(ByteBuffer buffer) {
        byte[] bytes = bytes(buffer);
        HexFormat pairs = HexFormat.ofDelimiter(" ");
        StringBuilder text = new StringBuilder();
        for (int from = 0; from < bytes.length; from += LINE_BYTES) {
            int to = Math.min(bytes.length, from + LINE_BYTES);
            String letters =
                    new String(bytes, from, to - from, StandardCharsets.US_ASCII).replaceAll("[^\\x20-\\x7e]", ".");
            text.append(
                    String.format(Locale.ROOT, "%08x  %-48s %s%n", from, pairs.formatHex(bytes, from, to), letters));
        }
        return text.toString();
    }

    static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
