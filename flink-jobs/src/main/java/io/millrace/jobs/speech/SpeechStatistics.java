package io.millrace.jobs.speech;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.millrace.models.speech.evaluation.WordErrors;
import io.millrace.schemas.Alert;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.SpeechTruth;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TrueUtterance;
import org.HdrHistogram.Histogram;

/**
 * What was said and what was heard so far. A stream of the simulator is compared when both are known; of a live one nobody
 * knows what is said. Safe for use by many threads.
 */
final class SpeechStatistics {

    private static final long LONGEST_MILLIS = 3_600_000;

    /** A simulated stream of which something is still missing. */
    private static final class OpenStream {
        private final StringBuilder heard = new StringBuilder();
        private Instant at;
        private SpeechTruth truth;
        private boolean ended;
    }

    private final String simulatedPrefix;
    private final Map<String, OpenStream> open = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private final Set<String> alertIds = new HashSet<>();
    private final Histogram latency = new Histogram(LONGEST_MILLIS, 3);
    private WordErrors errors = WordErrors.NONE;
    private long sent;
    private long cut;
    private long lost;
    private double seconds;
    private long utterances;
    private long repeatedEnds;
    private long liveFinished;
    private long deadLetters;

    /** {@code simulatedPrefix}: with what the identifiers of simulated streams begin. */
    SpeechStatistics(String simulatedPrefix) {
        this.simulatedPrefix = simulatedPrefix;
    }

    /** Counts a result seen at {@code now}; what there is to show now. */
    synchronized Optional<HeardStream> transcript(Transcript transcript, Instant now) {
        if (!transcript.getIsFinal()) {
            return Optional.empty();
        }
        String words = transcript.getAlternatives().isEmpty()
                ? ""
                : transcript.getAlternatives().get(0).getTranscript();
        if (!words.isEmpty()) {
            utterances++;
            long millis = now.toEpochMilli() - transcript.getEventTime().toEpochMilli();
            latency.recordValue(Math.max(0, Math.min(LONGEST_MILLIS, millis)));
        }
        boolean ended = transcript.getEndedBy() == EndOfUtterance.END_OF_STREAM;
        Instant at = transcript.getStartTime() == null ? transcript.getEventTime() : transcript.getStartTime();
        return transcript.getStreamId().startsWith(simulatedPrefix)
                ? simulated(transcript.getStreamId(), words, at, ended)
                : live(transcript.getStreamId(), words, at, ended);
    }

    private Optional<HeardStream> live(String id, String words, Instant at, boolean ended) {
        liveFinished += ended ? 1 : 0;
        return words.isEmpty() ? Optional.empty() : Optional.of(new HeardStream(id, at, words, null, false));
    }

    private Optional<HeardStream> simulated(String id, String words, Instant at, boolean ended) {
        if (finished.contains(id)) {
            repeatedEnds += ended ? 1 : 0;
            return Optional.empty();
        }
        OpenStream stream = open.computeIfAbsent(id, ignored -> new OpenStream());
        if (!words.isEmpty()) {
            stream.heard.append(stream.heard.isEmpty() ? "" : " ").append(words);
        }
        stream.at = stream.at == null || stream.heard.length() == words.length() ? at : stream.at;
        stream.ended |= ended;
        if (ended) {
            finished.add(id);
        }
        return compared(id, stream);
    }

    /** Counts a stream that the simulator has ended; what there is to show now. */
    synchronized Optional<HeardStream> truth(SpeechTruth truth) {
        sent++;
        cut += truth.getCut() ? 1 : 0;
        lost += truth.getLost().size();
        seconds += (double) truth.getSampleCount() / truth.getSampleRate();
        OpenStream stream = open.computeIfAbsent(truth.getStreamId(), ignored -> new OpenStream());
        stream.truth = truth;
        return compared(truth.getStreamId(), stream);
    }

    private Optional<HeardStream> compared(String id, OpenStream stream) {
        if (stream.truth == null || !stream.ended) {
            return Optional.empty();
        }
        open.remove(id);
        String said = stream.truth.getUtterances().stream()
                .map(TrueUtterance::getText)
                .collect(Collectors.joining(" "));
        HeardStream heard = new HeardStream(id, stream.at, stream.heard.toString(), said, stream.truth.getCut());
        errors = errors.plus(heard.errors());
        return Optional.of(heard);
    }

    /** Counts a revision of an alert; whether it is a new alert. */
    synchronized boolean alert(Alert alert) {
        return alertIds.add(alert.getAlertId());
    }

    synchronized void deadLetter() {
        deadLetters++;
    }

    /** Simulated streams that have ended. */
    synchronized long sent() {
        return sent;
    }

    /** Those of them that were ended in their midst. */
    synchronized long cut() {
        return cut;
    }

    /** Chunks of ended streams that were lost on purpose. */
    synchronized long lostOnPurpose() {
        return lost;
    }

    /** Seconds of audio of ended streams. */
    synchronized double seconds() {
        return seconds;
    }

    /** Simulated streams that have been heard to their end. */
    synchronized long finished() {
        return finished.size();
    }

    /** Ends of live streams that have been heard. */
    synchronized long liveFinished() {
        return liveFinished;
    }

    /** Ends that came more than once: none, if results are exactly once. */
    synchronized long repeatedEnds() {
        return repeatedEnds;
    }

    /** Finals with words. */
    synchronized long utterances() {
        return utterances;
    }

    /** Word errors of the simulated streams that were not cut. */
    synchronized WordErrors errors() {
        return errors;
    }

    synchronized long alerts() {
        return alertIds.size();
    }

    synchronized long deadLetters() {
        return deadLetters;
    }

    /** Time from the last sample heard until its committed final could be read, in milliseconds. */
    synchronized long latencyMillis(double percentile) {
        return latency.getValueAtPercentile(percentile);
    }
}
