package io.millrace.it.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.millrace.schemas.Alert;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.Transcript;

/**
 * What a speech job has committed, each topic in its order.
 *
 * @param transcripts partial results and finals
 * @param alerts alerts of keywords
 * @param samples feature samples
 * @param deadLetters audio given up
 */
record Heard(
        List<Transcript> transcripts, List<Alert> alerts, List<FeatureSample> samples, List<DeadLetter> deadLetters)
        implements Outcome<Heard> {

    /** Finals of each stream, in the order they were committed, all but confidences in words. */
    Map<String, List<String>> finals() {
        return transcripts.stream()
                .filter(Transcript::getIsFinal)
                .collect(Collectors.groupingBy(
                        Transcript::getStreamId,
                        TreeMap::new,
                        Collectors.mapping(Heard::described, Collectors.toList())));
    }

    /** Confidences are left out: batches of other sizes round differently. */
    private static String described(Transcript transcript) {
        String words = transcript.getAlternatives().stream()
                .flatMap(alternative -> alternative.getWords().stream())
                .map(word -> word.getWord() + " " + word.getStartMs() + "-" + word.getEndMs())
                .collect(Collectors.joining(", "));
        return transcript.getUtterance() + " " + transcript.getUtteranceId() + " [" + words + "] ended by "
                + transcript.getEndedBy() + " at " + transcript.getAudioProcessed() + ", filled "
                + transcript.getGapsFilled();
    }

    private List<String> alertIds() {
        return alerts.stream()
                .map(alert -> alert.getAlertId() + " r" + alert.getRevision())
                .sorted()
                .toList();
    }

    private List<String> sampleIds() {
        return samples.stream().map(FeatureSample::getSampleId).sorted().toList();
    }

    @Override
    public int results() {
        return transcripts.size();
    }

    @Override
    public List<String> differencesOf(Heard other) {
        List<String> differences = new ArrayList<>();
        Map<String, List<String>> actual = other.finals();
        finals().forEach((stream, expected) -> {
            List<String> given = actual.getOrDefault(stream, List.of());
            if (!given.equals(expected)) {
                differences.add("finals of " + stream + " are " + given + " instead of " + expected);
            }
        });
        actual.keySet().stream()
                .filter(stream -> !finals().containsKey(stream))
                .forEach(stream -> differences.add("unexpected " + stream));
        if (!alertIds().equals(other.alertIds())) {
            differences.add(other.alerts.size() + " alerts instead of " + alerts.size() + ", or others");
        }
        if (!sampleIds().equals(other.sampleIds())) {
            differences.add(other.samples.size() + " samples instead of " + samples.size() + ", or others");
        }
        other.deadLetters.forEach(letter -> differences.add("given up: " + letter.getMessage()));
        return differences;
    }
}
