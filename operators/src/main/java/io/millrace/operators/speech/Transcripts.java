package io.millrace.operators.speech;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.Hypothesis;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.decoding.Word;
import io.millrace.models.speech.tokens.Tokens;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;

/**
 * Makes transcripts of what the model heard in a stretch, chunk by chunk. A partial result is given when there are new
 * tokens or other ones, a final when the utterance is over; a stretch ends with a final, if need be of no words. What is given depends
 * on what was heard alone.
 */
final class Transcripts {

    private final Tokens tokens;
    private final double secondsPerFrame;
    private final DecodingSettings settings;

    Transcripts(SpeechContract contract, DecodingSettings settings) {
        this.tokens = contract.tokens();
        this.secondsPerFrame = contract.millisPerFrame() / 1000.0;
        this.settings = settings;
    }

    /**
     * Takes what was heard.
     *
     * @param known state of the stretch; null at its beginning
     * @return the state; null at the end of the stretch
     */
    UtteranceState accept(UtteranceState known, HeardSpeech heard, Consumer<Transcript> output) {
        UtteranceState state = known == null ? UtteranceState.beginning(tokens.size()) : known;
        int asked = heard.speech.silenceMillis;
        UtteranceDecoder decoder = new UtteranceDecoder(
                tokens,
                secondsPerFrame,
                (asked > 0 ? asked : settings.silence().toMillis()) / 1000.0,
                settings.head(),
                state.decoder());
        if (heard.speech.isEnd()) {
            List<Hypothesis> last = decoder.finish();
            EndOfUtterance reason = EndOfUtterance.valueOf(heard.speech.endedBy);
            output.accept(result(
                    state, heard, last.isEmpty() ? List.of() : last.get(0).words(), reason));
            return null;
        }
        for (Hypothesis hypothesis : decoder.accept(heard.frames())) {
            if (hypothesis.isFinal()) {
                output.accept(result(
                        state,
                        heard,
                        hypothesis.words(),
                        hypothesis.isCut() ? EndOfUtterance.LENGTH : EndOfUtterance.SILENCE));
                state.utterance++;
                state.shown = 0;
            } else {
                showPartial(state, heard, hypothesis, tokensOf(decoder.state()), output);
            }
        }
        state.keep(decoder.state());
        return state;
    }

    private void showPartial(
            UtteranceState state, HeardSpeech heard, Hypothesis hypothesis, int tokens, Consumer<Transcript> output) {
        if (tokens != state.shown && !hypothesis.words().isEmpty()) {
            output.accept(result(state, heard, hypothesis.words(), null));
            state.shown = tokens;
        }
    }

    private static int tokensOf(UtteranceDecoder.State decoder) {
        return decoder.utterance().stream().map(Emission::token).toList().hashCode();
    }

    private static Transcript result(UtteranceState state, HeardSpeech heard, List<Word> words, EndOfUtterance end) {
        AssembledSpeech speech = heard.speech;
        // Of a partial result only the last word may still grow.
        double stability = end != null ? 1 : (words.size() - 1.0) / words.size();
        return Transcript.newBuilder()
                .setUtteranceId(utteranceId(speech, state.utterance))
                .setStreamId(speech.streamId)
                .setChannel(speech.channel)
                .setUtterance(state.utterance)
                .setStretchStartMs(speech.stretchStartMillis)
                .setIsFinal(end != null)
                .setEndedBy(end)
                .setStability(stability)
                .setAlternatives(words.isEmpty() ? List.of() : List.of(alternative(speech, words)))
                .setAudioProcessed((speech.stretchStartMillis + speech.heardMillis) / 1000.0)
                .setGapsFilled(speech.filledMillis / 1000.0)
                .setLookAhead(speech.lookAhead)
                .setModel(heard.model)
                .setModelVersion(heard.modelVersion)
                .setStartTime(
                        words.isEmpty()
                                ? null
                                : Instant.ofEpochMilli(speech.stretchStartTime
                                        + millis(words.get(0).startSeconds())))
                .setEventTime(Instant.ofEpochMilli(speech.stretchStartTime + speech.heardMillis))
                .build();
    }

    /** A stream may begin anew under its name, and count from 0: event time tells its stretches apart. */
    private static String utteranceId(AssembledSpeech speech, long utterance) {
        String seed = speech.streamId
                + '\n'
                + speech.channel
                + '\n'
                + speech.stretchStartTime
                + '\n'
                + speech.stretchStartMillis
                + '\n'
                + utterance;
        return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static TranscriptAlternative alternative(AssembledSpeech speech, List<Word> words) {
        return TranscriptAlternative.newBuilder()
                .setTranscript(new Hypothesis(words, true).text())
                .setConfidence(
                        words.stream().mapToDouble(Word::confidence).average().orElseThrow())
                .setWords(words.stream()
                        .map(word -> new RecognisedWord(
                                word.text(),
                                speech.stretchStartMillis + millis(word.startSeconds()),
                                speech.stretchStartMillis + millis(word.endSeconds()),
                                word.confidence()))
                        .toList())
                .build();
    }

    private static long millis(double seconds) {
        return Math.round(seconds * 1000);
    }
}
