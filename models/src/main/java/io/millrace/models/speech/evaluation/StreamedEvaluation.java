package io.millrace.models.speech.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.Transcriber;
import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.decoding.Hypothesis;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.decoding.Word;
import io.millrace.models.speech.tokens.Tokens;

/**
 * Utterances heard chunk by chunk, one stream each, and what was wrong.
 *
 * @param utterances what was said and heard, in the order given
 * @param audioSeconds length of all audio
 * @param seconds time that hearing it took
 */
public record StreamedEvaluation(List<Heard> utterances, double audioSeconds, double seconds) {

    private static final int PIECE = 1600;
    /** Silence that ends an utterance, as by default in a stream. */
    public static final double SILENCE_SECONDS = 0.8;

    /**
     * An utterance as it was said and as it was heard.
     *
     * @param saidAt where each word was said; empty where that is not known
     * @param heardAt where each word was heard; empty where the recogniser does not tell
     */
    public record Heard(
            String speaker,
            List<String> said,
            List<String> heard,
            List<Utterance.Place> saidAt,
            List<Utterance.Place> heardAt) {

        public WordErrors errors() {
            return WordErrors.of(said, heard);
        }

        boolean isFirstWordRight() {
            return WordAlignment.of(said, heard).stream()
                    .anyMatch(step -> step.kind() == WordAlignment.Kind.SAME && step.said() == 0);
        }
    }

    /** Hears all utterances with one model at a look-ahead; audio comes in pieces of 0.1 s. */
    public static StreamedEvaluation of(
            FastConformerModel model,
            Tokens tokens,
            int lookAhead,
            UtteranceDecoder.Head head,
            List<Utterance> utterances) {
        return of(model, tokens, new Transcriber.Settings(lookAhead, head, SILENCE_SECONDS), null, utterances);
    }

    /**
     * Hears each utterance in a stream that has heard the one before it in the list, the first the last, and a silence.
     *
     * @param lead null for streams that begin with the utterance
     */
    public static StreamedEvaluation of(
            FastConformerModel model,
            Tokens tokens,
            Transcriber.Settings settings,
            Lead lead,
            List<Utterance> utterances) {
        List<Heard> all = new ArrayList<>();
        double audio = 0;
        long start = System.nanoTime();
        for (int i = 0; i < utterances.size(); i++) {
            Utterance utterance = utterances.get(i);
            Utterance before = utterances.get((i + utterances.size() - 1) % utterances.size());
            try (Transcriber transcriber = new Transcriber(model, tokens, settings)) {
                List<Hypothesis> results = new ArrayList<>();
                double over = 0;
                double begins = 0;
                if (lead != null) {
                    hear(transcriber, before.amplitudes(), results);
                    lead.silence(PIECE, i, samples -> results.addAll(transcriber.accept(samples, samples.length)));
                    over = before.duration();
                    begins = over + lead.seconds();
                }
                hear(transcriber, utterance.amplitudes(), results);
                results.addAll(transcriber.finish());
                all.add(heard(utterance, over, begins, results));
                audio += begins + utterance.duration();
            }
        }
        return new StreamedEvaluation(all, audio, (System.nanoTime() - start) / 1e9);
    }

    private static void hear(Transcriber transcriber, float[] samples, List<Hypothesis> results) {
        for (int from = 0; from < samples.length; from += PIECE) {
            int count = Math.min(PIECE, samples.length - from);
            results.addAll(transcriber.accept(Arrays.copyOfRange(samples, from, from + count), count));
        }
    }

    /** The words of an utterance: those that were heard after {@code over}, which is when the one before it was. */
    private static Heard heard(Utterance utterance, double over, double begins, List<Hypothesis> results) {
        List<Word> words = results.stream()
                .filter(Hypothesis::isFinal)
                .flatMap(result -> result.words().stream())
                .filter(word -> (word.startSeconds() + word.endSeconds()) / 2 >= over)
                .toList();
        return new Heard(
                utterance.speaker(),
                utterance.words(),
                words.stream().map(Word::text).toList(),
                utterance.places(),
                words.stream()
                        .map(word -> new Utterance.Place(word.startSeconds() - begins, word.endSeconds() - begins))
                        .toList());
    }

    /** Hears all utterances by a recogniser that gives the words of 16 kHz samples in [-1, 1]. */
    public static StreamedEvaluation of(List<Utterance> utterances, Function<float[], List<String>> recogniser) {
        return evaluated(
                utterances,
                utterance -> new Heard(
                        utterance.speaker(),
                        utterance.words(),
                        recogniser.apply(utterance.amplitudes()),
                        utterance.places(),
                        List.of()));
    }

    private static StreamedEvaluation evaluated(List<Utterance> utterances, Function<Utterance, Heard> recogniser) {
        List<Heard> all = new ArrayList<>();
        double audio = 0;
        long start = System.nanoTime();
        for (Utterance utterance : utterances) {
            all.add(recogniser.apply(utterance));
            audio += utterance.duration();
        }
        return new StreamedEvaluation(all, audio, (System.nanoTime() - start) / 1e9);
    }

    /** Errors of all utterances. */
    public WordErrors errors() {
        return utterances.stream().map(Heard::errors).reduce(WordErrors.NONE, WordErrors::plus);
    }

    /** In how many of the utterances the first word was heard as it was said. */
    public int firstWords() {
        return (int) utterances.stream().filter(Heard::isFirstWordRight).count();
    }

    /** How far the times of words that were heard as they were said are off, of utterances where they are known. */
    public WordTimes wordTimes() {
        return WordTimes.of(utterances);
    }

    /** Time that hearing took over the length of the audio; below 1 is faster than real time. */
    public double realTimeFactor() {
        return seconds / audioSeconds;
    }
}
