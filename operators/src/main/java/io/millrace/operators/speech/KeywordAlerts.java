package io.millrace.operators.speech;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.millrace.operators.alert.AlertSource;
import io.millrace.operators.alert.Observation;
import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertEvidence;
import io.millrace.schemas.AlertSubject;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Severity;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;
import io.millrace.schemas.WordsEvidence;

/** What finals give notice of: that a word or phrase of a list was said in a channel of a stream. */
public final class KeywordAlerts implements AlertSource<Transcript> {

    private static final String KIND = "keyword:";

    private final ArrayList<String> keywords;
    private transient KeywordSpotter spotter;

    /** {@code keywords}: words and phrases to watch for. */
    public KeywordAlerts(List<String> keywords) {
        this.keywords = new ArrayList<>(keywords);
    }

    /** The channel of the stream. */
    @Override
    public String entity(Transcript transcript) {
        return transcript.getStreamId() + "#" + transcript.getChannel();
    }

    @Override
    public List<Alert> observations(Transcript transcript) {
        if (!transcript.getIsFinal() || transcript.getAlternatives().isEmpty()) {
            return List.of();
        }
        if (spotter == null) {
            spotter = new KeywordSpotter(keywords);
        }
        return spotter.mentions(transcript.getAlternatives().get(0).getWords()).stream()
                .map(mention -> observation(transcript, mention))
                .toList();
    }

    private Alert observation(Transcript transcript, KeywordSpotter.Mention mention) {
        TranscriptAlternative best = transcript.getAlternatives().get(0);
        List<RecognisedWord> words = mention.words();
        long start = words.get(0).getStartMs();
        long end = words.get(words.size() - 1).getEndMs();
        double confidence =
                words.stream().mapToDouble(RecognisedWord::getConfidence).min().orElseThrow();
        WordsEvidence evidence = new WordsEvidence(
                transcript.getUtteranceId(), best.getTranscript(), new ArrayList<>(words), start, end, confidence);
        Instant said = timeOf(transcript, start);
        return Observation.of(
                        SpeechDeadLetters.STAGE,
                        entity(transcript),
                        KIND + mention.spoken(),
                        transcript.getUtteranceId() + '\n' + start,
                        said)
                .setWindowEnd(timeOf(transcript, end))
                .setSubjects(List.of(new AlertSubject(
                        SubjectType.STREAM,
                        transcript.getStreamId(),
                        SubjectRole.SOURCE,
                        Map.of("channel", Integer.toString(transcript.getChannel())))))
                .setObservationIds(List.of(transcript.getUtteranceId()))
                .setEvidence(
                        List.of(AlertEvidence.newBuilder().setWords(evidence).build()))
                .setModel(transcript.getModel())
                .setModelVersion(transcript.getModelVersion())
                .setScore(confidence)
                .setAttributes(Map.of("keyword", mention.keyword()))
                .build();
    }

    /** Event time of a place in an utterance, milliseconds from the start of the channel. */
    private static Instant timeOf(Transcript transcript, long millis) {
        long first = transcript.getAlternatives().get(0).getWords().get(0).getStartMs();
        return transcript.getStartTime().plusMillis(millis - first);
    }

    @Override
    public long observedUntil(Transcript transcript) {
        if (transcript.getEndedBy() == null) {
            return Long.MIN_VALUE;
        }
        return switch (transcript.getEndedBy()) {
            case END_OF_STREAM, IDLE, RESTART -> Long.MAX_VALUE;
            case GAP -> transcript.getEventTime().toEpochMilli();
            default -> untilLastWord(transcript);
        };
    }

    /** More may have been heard, but the next utterance may have begun in it. */
    private static long untilLastWord(Transcript transcript) {
        if (transcript.getAlternatives().isEmpty()) {
            return Long.MIN_VALUE;
        }
        List<RecognisedWord> words = transcript.getAlternatives().get(0).getWords();
        return timeOf(transcript, words.get(words.size() - 1).getEndMs()).toEpochMilli() - 1;
    }

    @Override
    public Severity severity(Alert alert) {
        return Severity.INFORMATIONAL;
    }

    @Override
    public String summary(Alert alert) {
        StringBuilder said = new StringBuilder(String.format(
                Locale.ROOT, "keyword \"%s\" in %s", alert.getAttributes().get("keyword"), alert.getEntity()));
        if (!alert.getEvidence().isEmpty()) {
            WordsEvidence first = alert.getEvidence().get(0).getWords();
            said.append(String.format(
                    Locale.ROOT, " at %.1f s: %s", first.getStartMs() / 1000.0, excerpt(first.getText())));
        }
        if (alert.getCount() > 1) {
            Duration span = Duration.between(alert.getWindowStart(), alert.getWindowEnd());
            said.append(String.format(Locale.ROOT, ", %,d times in %,d s", alert.getCount(), span.toSeconds()));
        }
        return said.toString();
    }

    private static String excerpt(String text) {
        return text.length() > 100 ? "\"" + text.substring(0, 100) + "...\"" : "\"" + text + "\"";
    }

    @Override
    public Evidence evidence() {
        return Evidence.OF_EACH;
    }
}
