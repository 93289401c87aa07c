package io.millrace.operators.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.millrace.schemas.RecognisedWord;

/** Finds words and phrases of a list among the words of an utterance, whatever their case. */
final class KeywordSpotter {

    /**
     * A word or phrase that was said.
     *
     * @param keyword as the list has it
     * @param spoken in lower case with single spaces
     * @param words as they were heard
     */
    record Mention(String keyword, String spoken, List<RecognisedWord> words) {}

    private record Phrase(String text, List<String> words) {}

    private final List<Phrase> phrases = new ArrayList<>();

    /** {@code keywords}: words, or words with spaces between them. */
    KeywordSpotter(List<String> keywords) {
        for (String text : keywords) {
            List<String> words = List.of(lower(text.strip()).split("\\s+"));
            if (phrases.stream().noneMatch(phrase -> phrase.words().equals(words))) {
                phrases.add(new Phrase(text, words));
            }
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** What was said of the list, in the order of the list: each time that it was said. */
    List<Mention> mentions(List<RecognisedWord> words) {
        List<Mention> mentions = new ArrayList<>();
        List<String> said = words.stream().map(word -> lower(word.getWord())).toList();
        for (Phrase phrase : phrases) {
            int length = phrase.words().size();
            for (int at = 0; at + length <= said.size(); ) {
                if (said.subList(at, at + length).equals(phrase.words())) {
                    mentions.add(new Mention(
                            phrase.text(), String.join(" ", phrase.words()), words.subList(at, at + length)));
                    // What is said once is found once, also where a phrase begins with its own end.
                    at += length;
                } else {
                    at++;
                }
            }
        }
        return mentions;
    }
}
