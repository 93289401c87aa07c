package io.millrace.operators.speech;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import io.millrace.schemas.KeywordAlert;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;

/** Finds words and phrases of a list in finals, whatever their case: an alert for each time that one was said. */
final class KeywordSpotter {

    private record Phrase(String text, List<String> words) {}

    private final List<Phrase> phrases;

    /** {@code keywords}: words, or words with spaces between them. */
    KeywordSpotter(List<String> keywords) {
        phrases = keywords.stream()
                .map(text -> new Phrase(text, List.of(lower(text.strip()).split("\\s+"))))
                .toList();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Alerts of a result, in the order of the list; none of a partial one. */
    List<KeywordAlert> alerts(Transcript transcript) {
        List<KeywordAlert> alerts = new ArrayList<>();
        if (!transcript.getIsFinal() || transcript.getAlternatives().isEmpty()) {
            return alerts;
        }
        List<RecognisedWord> words = transcript.getAlternatives().get(0).getWords();
        List<String> said = words.stream().map(word -> lower(word.getWord())).toList();
        for (Phrase phrase : phrases) {
            int length = phrase.words().size();
            for (int at = 0; at + length <= said.size(); ) {
                if (said.subList(at, at + length).equals(phrase.words())) {
                    alerts.add(alert(transcript, phrase.text(), words.subList(at, at + length)));
                    // What is said once is found once, also where a phrase begins with its own end.
                    at += length;
                } else {
                    at++;
                }
            }
        }
        return alerts;
    }

    private static KeywordAlert alert(Transcript transcript, String keyword, List<RecognisedWord> words) {
        TranscriptAlternative best = transcript.getAlternatives().get(0);
        long start = words.get(0).getStartMs();
        long first = best.getWords().get(0).getStartMs();
        Instant said = transcript.getStartTime().plusMillis(start - first);
        String seed = transcript.getUtteranceId() + '\n' + keyword + '\n' + start;
        return KeywordAlert.newBuilder()
                .setAlertId(UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8))
                        .toString())
                .setStreamId(transcript.getStreamId())
                .setChannel(transcript.getChannel())
                .setUtteranceId(transcript.getUtteranceId())
                .setKeyword(keyword)
                .setTranscript(best.getTranscript())
                .setStartMs(start)
                .setEndMs(words.get(words.size() - 1).getEndMs())
                .setConfidence(words.stream()
                        .mapToDouble(RecognisedWord::getConfidence)
                        .min()
                        .orElseThrow())
                .setEventTime(said)
                .setModel(transcript.getModel())
                .setModelVersion(transcript.getModelVersion())
                .build();
    }
}
