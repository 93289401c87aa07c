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
    private static final double SILENCE = 0.8;

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
    }

    /** Hears all utterances with one model at a look-ahead; audio comes in pieces of 0.1 s. */
    public static StreamedEvaluation of(
            FastConformerModel model,
            Tokens tokens,
            int lookAhead,
            UtteranceDecoder.Head head,
            List<Utterance> utterances) {
        Transcriber.Settings settings = new Transcriber.Settings(lookAhead, head, SILENCE);
        return evaluated(utterances, utterance -> {
            try (Transcriber transcriber = new Transcriber(model, tokens, settings)) {
                List<Word> words = heard(transcriber, utterance.amplitudes());
                return new Heard(
                        utterance.speaker(),
                        utterance.words(),
                        words.stream().map(Word::text).toList(),
                        utterance.places(),
                        words.stream()
                                .map(word -> new Utterance.Place(word.startSeconds(), word.endSeconds()))
                                .toList());
            }
        });
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

    private static List<Word> heard(Transcriber transcriber, float[] samples) {
        List<Hypothesis> results = new ArrayList<>();
        for (int from = 0; from < samples.length; from += PIECE) {
            int count = Math.min(PIECE, samples.length - from);
            results.addAll(transcriber.accept(Arrays.copyOfRange(samples, from, from + count), count));
        }
        results.addAll(transcriber.finish());
        return results.stream()
                .filter(Hypothesis::isFinal)
                .flatMap(result -> result.words().stream())
                .toList();
    }

    /** Errors of all utterances. */
    public WordErrors errors() {
        return utterances.stream().map(Heard::errors).reduce(WordErrors.NONE, WordErrors::plus);
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
