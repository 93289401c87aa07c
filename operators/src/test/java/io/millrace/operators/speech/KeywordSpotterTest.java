package io.millrace.operators.speech;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.KeywordAlert;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeywordSpotterTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:10Z");

    private final KeywordSpotter spotter = new KeywordSpotter(List.of("Cancel", "call me  back", "no no"));

    /** A result whose words begin every 100 ms from second 10 of the channel on. */
    private static Transcript said(boolean isFinal, String text) {
        List<RecognisedWord> words = new ArrayList<>();
        for (String word : text.split(" ")) {
            long start = 10_000 + 100L * words.size();
            words.add(new RecognisedWord(word, start, start + 80, 1 - words.size() / 100.0));
        }
        return Transcript.newBuilder()
                .setUtteranceId("u1")
                .setStreamId("call")
                .setChannel(1)
                .setUtterance(0)
                .setIsFinal(isFinal)
                .setEndedBy(isFinal ? EndOfUtterance.SILENCE : null)
                .setStability(1)
                .setAlternatives(List.of(new TranscriptAlternative(text, 1.0, words)))
                .setAudioProcessed(20)
                .setLookAhead(1)
                .setModel("m")
                .setModelVersion("1")
                .setStartTime(START)
                .setEventTime(START.plusSeconds(5))
                .build();
    }

    private List<String> found(String text) {
        return spotter.alerts(said(true, text)).stream()
                .map(alert -> alert.getKeyword() + "@" + alert.getStartMs())
                .toList();
    }

    @Test
    void wordsAndPhrasesAreFoundEachTimeTheyAreSaid() {
        assertThat(found("please cancel and CANCEL it")).containsExactly("Cancel@10100", "Cancel@10300");
        assertThat(found("do call me back")).containsExactly("call me  back@10100");
        assertThat(found("no no no")).containsExactly("no no@10000");
        assertThat(found("no no no no")).containsExactly("no no@10000", "no no@10200");
        assertThat(found("cancelled call me")).isEmpty();
    }

    @Test
    void aPartialResultAlertsNobody() {
        assertThat(spotter.alerts(said(false, "cancel"))).isEmpty();
    }

    @Test
    void anAlertSaysWhenAndHowSurely() {
        KeywordAlert alert = spotter.alerts(said(true, "now call me back")).get(0);
        assertThat(alert.getStartMs()).isEqualTo(10_100);
        assertThat(alert.getEndMs()).isEqualTo(10_380);
        assertThat(alert.getConfidence()).isEqualTo(0.97);
        assertThat(alert.getEventTime()).isEqualTo(START.plusMillis(100));
        assertThat(alert.getTranscript()).isEqualTo("now call me back");
        assertThat(alert.getUtteranceId()).isEqualTo("u1");
        assertThat(alert.getAlertId())
                .isEqualTo(spotter.alerts(said(true, "now call me back")).get(0).getAlertId())
                .isNotEqualTo(spotter.alerts(said(true, "call me back")).get(0).getAlertId());
    }
}
