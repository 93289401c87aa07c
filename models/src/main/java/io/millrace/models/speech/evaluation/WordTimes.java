package io.millrace.models.speech.evaluation;

import java.util.ArrayList;
import java.util.List;

import io.millrace.models.speech.dataset.Utterance;

/**
 * How far starts and ends of words are from where they were said. Words that were heard as others, or not at all, have no
 * times to compare.
 *
 * @param words words compared
 * @param start of where they begin
 * @param end of where they end
 * @param bothWithin share of the words of which neither is off by more than {@link #TOLERANCE_SECONDS}
 */
public record WordTimes(int words, Off start, Off end, double bothWithin) {

    /** What is good enough to find a word in a recording, seconds. */
    public static final double TOLERANCE_SECONDS = 0.12;

    /**
     * Differences between a time heard and the true one.
     *
     * @param median seconds, above 0 if heard too late
     * @param ninetieth seconds that nine in ten are off at most, either way
     * @param within share that is off by {@link #TOLERANCE_SECONDS} at most
     */
    public record Off(double median, double ninetieth, double within) {

        private static Off of(List<Double> differences) {
            List<Double> either = differences.stream().map(Math::abs).sorted().toList();
            return new Off(
                    at(differences.stream().sorted().toList(), 0.5),
                    at(either, 0.9),
                    (double) either.stream().filter(WordTimes::isWithin).count() / either.size());
        }

        /** The least value that the share of all does not exceed. */
        private static double at(List<Double> sorted, double share) {
            return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
        }
    }

    private static boolean isWithin(double seconds) {
        // Times are written in whole milliseconds, but are no binary fractions.
        return Math.abs(seconds) <= TOLERANCE_SECONDS + 1e-9;
    }

    /**
     * Compares the words of utterances.
     *
     * @throws IllegalArgumentException if of no word both times are known
     */
    static WordTimes of(List<StreamedEvaluation.Heard> utterances) {
        List<Double> starts = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        int both = 0;
        for (StreamedEvaluation.Heard utterance : utterances) {
            if (utterance.saidAt().isEmpty() || utterance.heardAt().isEmpty()) {
                continue;
            }
            for (WordAlignment.Step step : WordAlignment.of(utterance.said(), utterance.heard())) {
                if (step.kind() == WordAlignment.Kind.SAME) {
                    Utterance.Place said = utterance.saidAt().get(step.said());
                    Utterance.Place heard = utterance.heardAt().get(step.heard());
                    starts.add(heard.start() - said.start());
                    ends.add(heard.end() - said.end());
                    both += isWithin(heard.start() - said.start()) && isWithin(heard.end() - said.end()) ? 1 : 0;
                }
            }
        }
        if (starts.isEmpty()) {
            throw new IllegalArgumentException("of no word it is known both where it was said and where it was heard");
        }
        return new WordTimes(starts.size(), Off.of(starts), Off.of(ends), (double) both / starts.size());
    }
}
