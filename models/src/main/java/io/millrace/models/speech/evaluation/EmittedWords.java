package io.millrace.models.speech.evaluation;

import java.util.List;

import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.tokens.Tokens;

/** The words that tokens make. */
final class EmittedWords {

    private EmittedWords() {}

    static List<String> of(List<Emission> emissions, Tokens tokens) {
        String text = tokens.text(emissions.stream().mapToInt(Emission::token).toArray());
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}
