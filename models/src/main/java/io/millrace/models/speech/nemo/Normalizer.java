package io.millrace.models.speech.nemo;

import java.text.Normalizer.Form;
import java.util.Locale;

/**
 * SentencePiece's normalisation before a text is cut. The rules come from the model's rule name; the compiled character
 * map in the file, which says the same, is not interpreted.
 *
 * @param rule {@code identity}, {@code nfkc} or {@code nmt_nfkc}, the latter two with {@code _cf} for lower case
 * @param addDummyPrefix whether a space is put in front, so that a word looks the same wherever it stands
 * @param removeExtraSpaces whether spaces are trimmed and runs of them become one
 * @param escapeSpaces whether spaces become U+2581
 */
record Normalizer(String rule, boolean addDummyPrefix, boolean removeExtraSpaces, boolean escapeSpaces) {

    static final char SPACE = '\u2581';
    private static final char FULLWIDTH_TILDE = '\uff5e';

    /** The rule of a model: without a compiled map it changes nothing, with a map of another name NFKC comes closest. */
    static String rule(String name, boolean hasMap) {
        if (!hasMap || name.equals("identity")) {
            return "identity";
        }
        return name.matches("(nmt_)?nfkc(_cf)?") ? name : "nfkc";
    }

    String apply(String text) {
        String clean = rule.contains("nfkc") ? compose(text) : text;
        if (removeExtraSpaces) {
            clean = clean.replaceAll(" {2,}", " ").replaceAll("^ | $", "");
        }
        if (clean.isEmpty()) {
            return clean;
        }
        String prefixed = addDummyPrefix ? " " + clean : clean;
        return escapeSpaces ? prefixed.replace(' ', SPACE) : prefixed;
    }

    private String compose(String text) {
        StringBuilder composed = new StringBuilder();
        boolean nmt = rule.startsWith("nmt_");
        int start = 0;
        for (int i = 0; nmt && i < text.length(); i++) {
            char c = text.charAt(i);
            if (isDropped(c) || isSpace(c) || c == FULLWIDTH_TILDE) {
                composed.append(nfkc(text.substring(start, i)));
                if (!isDropped(c)) {
                    composed.append(c == FULLWIDTH_TILDE ? c : ' ');
                }
                start = i + 1;
            }
        }
        composed.append(nfkc(text.substring(start)));
        return rule.endsWith("_cf") ? composed.toString().toLowerCase(Locale.ROOT) : composed.toString();
    }

    private static String nfkc(String text) {
        return java.text.Normalizer.normalize(text, Form.NFKC);
    }

    /** Control characters, except those that separate. */
    private static boolean isDropped(char c) {
        return c < 0x20 && !isSpace(c) || c == 0x7f || c == 0x8f || c == 0x9f;
    }

    /** Separators and invisible characters that count as a space, beside those that NFKC makes one. */
    private static boolean isSpace(char c) {
        return "\t\n\f\r\u1680\u200b\u200c\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd".indexOf(c) >= 0;
    }
}
