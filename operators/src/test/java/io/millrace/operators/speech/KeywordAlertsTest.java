package io.millrace.operators.speech;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.operators.GoldenSavepoint;
import io.millrace.operators.OperatorModes;
import io.millrace.operators.alert.AlertCorrelator;
import io.millrace.operators.alert.AlertPolicy;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertStatus;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Severity;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;
import io.millrace.schemas.WordsEvidence;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeywordAlertsTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final KeywordAlerts ALERTS = new KeywordAlerts(List.of("Cancel", "call me  back"));
    private static final AlertPolicy FOLDED = new AlertPolicy(1, Duration.ofMinutes(1), Duration.ofSeconds(30));

    private static final class Harness extends KeyedOneInputStreamOperatorTestHarness<String, Transcript, Alert>
            implements OperatorModes.Subtask<Transcript> {

        Harness(AlertPolicy policy, int parallelism, int index, OperatorSubtaskState restored) throws Exception {
            this(null, policy, parallelism, index, restored);
        }

        Harness(StateBackend backend, AlertPolicy policy, int parallelism, int index, OperatorSubtaskState restored)
                throws Exception {
            super(
                    new EventTimeOperator<>(new AlertCorrelator<>(policy, ALERTS)),
                    ALERTS::entity,
                    Types.STRING,
                    OperatorModes.MAX_PARALLELISM,
                    parallelism,
                    index);
            if (backend != null) {
                setStateBackend(backend);
            }
            setup();
            if (restored != null) {
                initializeState(restored);
            }
            open();
        }

        List<String> heard(Transcript... transcripts) throws Exception {
            for (Transcript transcript : transcripts) {
                record(transcript, transcript.getEventTime().toEpochMilli());
            }
            return extractOutputValues().stream()
                    .map(alert -> alert.getKind() + " " + alert.getStatus() + " " + alert.getCount())
                    .toList();
        }

        @Override
        public void record(Transcript transcript, long timestamp) throws Exception {
            processElement(transcript, timestamp);
        }

        @Override
        public void watermark(long timestamp) {}

        @Override
        public void endOfInput() throws Exception {
            ((BoundedOneInput) getOperator()).endInput();
        }

        @Override
        public OperatorSubtaskState checkpoint(long id) throws Exception {
            return snapshot(id, id);
        }

        @Override
        public List<OperatorModes.Answer> answers() {
            return extractOutputValues().stream()
                    .map(alert -> new OperatorModes.Answer(
                            alert.getEntity(),
                            Alert.newBuilder(alert)
                                    .setEmittedTime(Instant.EPOCH)
                                    .build()
                                    .toString()))
                    .toList();
        }
    }

    /** A result whose words begin every 100 ms from a second of the channel on. */
    private static Transcript said(String stream, int second, EndOfUtterance end, String text) {
        List<RecognisedWord> words = new ArrayList<>();
        for (String word : text.isEmpty() ? new String[0] : text.split(" ")) {
            long start = second * 1_000L + 100L * words.size();
            words.add(new RecognisedWord(word, start, start + 80, 1 - words.size() / 100.0));
        }
        return Transcript.newBuilder()
                .setUtteranceId(stream + "-u" + second)
                .setStreamId(stream)
                .setChannel(1)
                .setUtterance(0)
                .setIsFinal(end != null)
                .setEndedBy(end)
                .setStability(1)
                .setAlternatives(words.isEmpty() ? List.of() : List.of(new TranscriptAlternative(text, 1.0, words)))
                .setAudioProcessed(second + 5)
                .setLookAhead(1)
                .setModel("m")
                .setModelVersion("1")
                .setStartTime(words.isEmpty() ? null : START.plusSeconds(second))
                .setEventTime(START.plusSeconds(second + 5))
                .build();
    }

    @Test
    void eachMentionIsAnAlertOfItsOwnUnlessToldOtherwise() throws Exception {
        try (Harness harness = new Harness(AlertPolicy.EACH, 1, 0, null)) {
            assertThat(harness.heard(
                            said("call", 10, null, "cancel"),
                            said("call", 10, EndOfUtterance.SILENCE, "cancel or call me back or cancel"),
                            said("call", 20, EndOfUtterance.END_OF_STREAM, "")))
                    .containsExactly(
                            "keyword:cancel CLOSED 1", "keyword:cancel CLOSED 1", "keyword:call me back CLOSED 1");
            assertThat(harness.extractOutputValues())
                    .extracting(Alert::getAlertId)
                    .doesNotHaveDuplicates();
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void mentionsThatAreFoldedAreGoneOnWithFromASavepoint() throws Exception {
        new GoldenSavepoint<Harness>(
                        "speech-alerts",
                        (backend, state) -> new Harness(backend, FOLDED, 1, 0, state),
                        harness -> harness.heard(
                                said("call", 10, EndOfUtterance.SILENCE, "cancel or call me back"),
                                said("call", 20, EndOfUtterance.SILENCE, "cancel")))
                .check(
                        "going-on",
                        harness -> {
                            harness.heard(said("call", 30, EndOfUtterance.SILENCE, "please cancel"));
                            harness.endOfInput();
                        },
                        harness -> harness.extractOutputValues().stream()
                                .map(alert -> Alert.newBuilder(alert)
                                        .setEmittedTime(Instant.EPOCH)
                                        .build())
                                .toList());
    }

    @Test
    void anAlertSaysWhatWasSaidWhenAndHowSurely() throws Exception {
        try (Harness harness = new Harness(AlertPolicy.EACH, 1, 0, null)) {
            Transcript transcript = said("call", 10, EndOfUtterance.SILENCE, "now call me back");
            harness.heard(transcript);
            Alert alert = harness.extractOutputValues().get(0);
            assertThat(alert.getStage()).isEqualTo("speech");
            assertThat(alert.getEntity()).isEqualTo("call#1");
            assertThat(alert.getKind()).isEqualTo("keyword:call me back");
            assertThat(alert.getStatus()).isEqualTo(AlertStatus.CLOSED);
            assertThat(alert.getRevision()).isZero();
            assertThat(alert.getSeverity()).isEqualTo(Severity.INFORMATIONAL);
            assertThat(alert.getWindowStart()).isEqualTo(START.plusMillis(10_100));
            assertThat(alert.getWindowEnd()).isEqualTo(START.plusMillis(10_380));
            assertThat(alert.getEventTime()).isEqualTo(START.plusMillis(10_100));
            assertThat(alert.getScore()).isEqualTo(0.97);
            assertThat(alert.getProbability()).isNull();
            assertThat(alert.getObservationIds()).containsExactly("call-u10");
            assertThat(alert.getAttributes()).isEqualTo(Map.of("keyword", "call me  back"));
            assertThat(alert.getSubjects()).singleElement().satisfies(subject -> {
                assertThat(subject.getType()).isEqualTo(SubjectType.STREAM);
                assertThat(subject.getId()).isEqualTo("call");
                assertThat(subject.getRole()).isEqualTo(SubjectRole.SOURCE);
                assertThat(subject.getAttributes()).isEqualTo(Map.of("channel", "1"));
            });
            WordsEvidence words = alert.getEvidence().get(0).getWords();
            assertThat(words.getText()).isEqualTo("now call me back");
            assertThat(words.getUtteranceId()).isEqualTo("call-u10");
            assertThat(words.getWords()).extracting(RecognisedWord::getWord).containsExactly("call", "me", "back");
            assertThat(words.getStartMs()).isEqualTo(10_100);
            assertThat(words.getEndMs()).isEqualTo(10_380);
            assertThat(words.getConfidence()).isEqualTo(0.97);
            assertThat(alert.getSummary())
                    .isEqualTo("keyword \"call me  back\" in call#1 at 10.1 s: \"now call me back\"");
        }
    }

    @Test
    void mentionsOfAKeywordFoldIntoOneAlertWhereToldSo() throws Exception {
        try (Harness harness = new Harness(FOLDED, 1, 0, null)) {
            assertThat(harness.heard(
                            said("call", 10, EndOfUtterance.SILENCE, "cancel please cancel"),
                            said("call", 20, EndOfUtterance.SILENCE, "call me back"),
                            said("call", 41, EndOfUtterance.SILENCE, "go on")))
                    .as("41 s is 30 s after cancel, and within 30 s after call me back")
                    .containsExactly("keyword:cancel OPEN 1", "keyword:call me back OPEN 1", "keyword:cancel CLOSED 2");
            Alert closed = harness.extractOutputValues().get(2);
            assertThat(closed.getRevision()).isEqualTo(1);
            assertThat(closed.getEvidence()).as("of each mention").hasSize(2);
            assertThat(closed.getSummary())
                    .isEqualTo("keyword \"Cancel\" in call#1 at 10.0 s: \"cancel please cancel\", 2 times in 0 s");
            assertThat(harness.heard(said("call", 45, EndOfUtterance.END_OF_STREAM, "")))
                    .as("the end of the stream closes all")
                    .endsWith("keyword:call me back CLOSED 1");
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void aGapDoesNotEndAnAlertAndAStreamThatBeginsAnewDoes() throws Exception {
        try (Harness harness = new Harness(FOLDED, 1, 0, null)) {
            harness.heard(said("call", 10, EndOfUtterance.SILENCE, "cancel"), said("call", 20, EndOfUtterance.GAP, ""));
            assertThat(harness.heard(said("call", 30, EndOfUtterance.SILENCE, "cancel")))
                    .containsExactly("keyword:cancel OPEN 1");
            assertThat(harness.heard(said("call", 31, EndOfUtterance.RESTART, "")))
                    .containsExactly("keyword:cancel OPEN 1", "keyword:cancel CLOSED 2");
        }
    }

    @Test
    void everyModeOfTheJobGivesTheSameAlerts() throws Exception {
        for (AlertPolicy policy : List.of(AlertPolicy.EACH, FOLDED)) {
            OperatorModes<Transcript> modes = new OperatorModes<>(
                    (parallelism, index, restored) -> new Harness(policy, parallelism, index, restored));
            String[] texts = {"cancel", "go on", "call me back or cancel", "", "cancel cancel"};
            for (int i = 0; i < 24; i++) {
                String stream = "call-" + i % 2;
                EndOfUtterance end = i >= 22
                        ? EndOfUtterance.END_OF_STREAM
                        : texts[i % 5].isEmpty() ? EndOfUtterance.GAP : EndOfUtterance.SILENCE;
                Transcript transcript = said(stream, i < 12 ? 2 * i : 100 + 2 * i, end, texts[i % 5]);
                modes.record(
                        stream + "#1", transcript, transcript.getEventTime().toEpochMilli());
            }
            Map<String, List<String>> answers = modes.answers();
            assertThat(answers).hasSize(2);
            assertThat(answers.values()).allSatisfy(alerts -> assertThat(alerts).hasSizeGreaterThan(3));
        }
    }
}
