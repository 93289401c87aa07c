package io.millrace.jobs.speech;

import java.time.Instant;
import java.util.List;

import io.millrace.models.speech.evaluation.WordErrors;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.LostAudio;
import io.millrace.schemas.SpeechTruth;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;
import io.millrace.schemas.TrueUtterance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpeechStatisticsTest {

    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    private final SpeechStatistics statistics = new SpeechStatistics("call-");

    private static Transcript result(String stream, String words, EndOfUtterance endedBy) {
        return Transcript.newBuilder()
                .setUtteranceId(stream + "/0")
                .setStreamId(stream)
                .setUtterance(0)
                .setIsFinal(endedBy != null)
                .setEndedBy(endedBy)
                .setStability(1)
                .setAlternatives(
                        words.isEmpty() ? List.of() : List.of(new TranscriptAlternative(words, 1.0, List.of())))
                .setAudioProcessed(3)
                .setLookAhead(1)
                .setModel("m")
                .setModelVersion("1")
                .setStartTime(words.isEmpty() ? null : NOW.minusSeconds(2))
                .setEventTime(NOW)
                .build();
    }

    private static SpeechTruth truth(String stream, boolean cut, String... said) {
        return SpeechTruth.newBuilder()
                .setStreamId(stream)
                .setSeed(1)
                .setSampleRate(8000)
                .setEncoding(AudioEncoding.PCM_S16LE)
                .setStartTime(NOW.minusSeconds(4))
                .setSampleCount(32_000)
                .setChunkCount(40)
                .setUtterances(List.of(said).stream()
                        .map(text -> new TrueUtterance(text, 1.0, 2.0, "a voice", List.of()))
                        .toList())
                .setLost(List.of(new LostAudio(3L, 2400L, 800)))
                .setCut(cut)
                .setEventTime(NOW)
                .build();
    }

    private HeardStream hear(Transcript transcript) {
        return statistics.transcript(transcript, NOW.plusMillis(700)).orElse(null);
    }

    @Test
    void aStreamIsComparedWhenItsEndAndItsTruthAreKnown() {
        assertThat(hear(result("call-1", "one", null))).isNull();
        assertThat(hear(result("call-1", "one two", EndOfUtterance.SILENCE))).isNull();
        assertThat(hear(result("call-1", "four", EndOfUtterance.END_OF_STREAM))).isNull();

        HeardStream heard =
                statistics.truth(truth("call-1", false, "one two", "three")).orElseThrow();

        assertThat(heard)
                .isEqualTo(new HeardStream("call-1", NOW.minusSeconds(2), "one two four", "one two three", false));
        assertThat(statistics.errors()).isEqualTo(new WordErrors(3, 1, 0, 0));
        assertThat(statistics.sent()).isEqualTo(1);
        assertThat(statistics.finished()).isEqualTo(1);
        assertThat(statistics.utterances()).isEqualTo(2);
        assertThat(statistics.lostOnPurpose()).isEqualTo(1);
        assertThat(statistics.seconds()).isEqualTo(4);
        assertThat(statistics.latencyMillis(50)).isEqualTo(700);
    }

    @Test
    void theTruthMayBeKnownFirst() {
        assertThat(statistics.truth(truth("call-1", false, "one"))).isEmpty();
        assertThat(statistics.finished()).isZero();

        assertThat(hear(result("call-1", "", EndOfUtterance.END_OF_STREAM)))
                .isEqualTo(new HeardStream("call-1", NOW, "", "one", false));
        assertThat(statistics.errors()).isEqualTo(new WordErrors(1, 0, 1, 0));
    }

    /** What was not spoken to its end is not in the truth, though it may have been heard. */
    @Test
    void aStreamThatWasCutShortIsHeardButNotJudged() {
        statistics.truth(truth("call-1", true));

        assertThat(hear(result("call-1", "one two", EndOfUtterance.END_OF_STREAM)))
                .extracting(HeardStream::cut)
                .isEqualTo(true);
        assertThat(statistics.errors()).isEqualTo(WordErrors.NONE);
        assertThat(statistics.cut()).isEqualTo(1);
        assertThat(statistics.finished()).isEqualTo(1);
    }

    @Test
    void anEndThatComesTwiceIsToldOf() {
        statistics.truth(truth("call-1", false, "one"));
        hear(result("call-1", "one", EndOfUtterance.END_OF_STREAM));
        assertThat(hear(result("call-1", "one", EndOfUtterance.END_OF_STREAM))).isNull();

        assertThat(statistics.repeatedEnds()).isEqualTo(1);
        assertThat(statistics.finished()).isEqualTo(1);
    }

    @Test
    void aLiveStreamIsShownUtteranceByUtterance() {
        assertThat(hear(result("microphone", "hello", EndOfUtterance.SILENCE)))
                .isEqualTo(new HeardStream("microphone", NOW.minusSeconds(2), "hello", null, false));
        assertThat(hear(result("microphone", "", EndOfUtterance.END_OF_STREAM))).isNull();

        assertThat(statistics.liveFinished()).isEqualTo(1);
        assertThat(statistics.finished()).isZero();
    }
}
