package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.List;

import io.millrace.models.speech.SpeechFrames;
import io.millrace.models.speech.Tokens;

/**
 * Makes utterances of what a model gave chunk by chunk for one stream: an utterance ends when no token has begun for a
 * while, or the stream does. Only lists of tokens begin anew then; what the network remembers goes on.
 */
public final class UtteranceDecoder {

    private final Tokens tokens;
    private final double secondsPerFrame;
    private final int silentFrames;
    private final Head head;
    private final CtcGreedy temporal;
    private final List<Emission> utterance;
    private long frames;

    /** The head whose tokens count. */
    public enum Head {
        CTC,
        RNNT
    }

    /**
     * Where a stream stands.
     *
     * @param frames encoder frames heard
     * @param lastBest best token of the last of them by the CTC head
     * @param utterance tokens of the utterance that is not over
     */
    public record State(long frames, int lastBest, List<Emission> utterance) {

        public State {
            utterance = List.copyOf(utterance);
        }
    }

    /**
     * A decoder at the start of a stream.
     *
     * @param secondsPerFrame seconds from one encoder frame to the next
     * @param silenceSeconds time without a new token that ends an utterance
     */
    public UtteranceDecoder(Tokens tokens, double secondsPerFrame, double silenceSeconds, Head head) {
        this(tokens, secondsPerFrame, silenceSeconds, head, new State(0, tokens.size(), List.of()));
    }

    /** A decoder that goes on where another stood. */
    public UtteranceDecoder(Tokens tokens, double secondsPerFrame, double silenceSeconds, Head head, State state) {
        this.tokens = tokens;
        this.secondsPerFrame = secondsPerFrame;
        this.silentFrames = (int) Math.max(1, Math.round(silenceSeconds / secondsPerFrame));
        this.head = head;
        this.temporal = new CtcGreedy(tokens.size(), state.lastBest());
        this.utterance = new ArrayList<>(state.utterance());
        this.frames = state.frames();
    }

    public State state() {
        return new State(frames, temporal.last(), utterance);
    }

    /** Takes what a chunk gave; the finals that it brought, and the partial result last, if there is one. */
    public List<Hypothesis> accept(SpeechFrames chunk) {
        List<Emission> fresh = temporal.accept(chunk.best(), chunk.bestLogProbabilities(), chunk.firstFrame());
        List<Hypothesis> results = new ArrayList<>();
        for (Emission emission : head == Head.CTC ? fresh : chunk.emissions()) {
            endIfSilentUntil(emission.frame(), results);
            utterance.add(emission);
        }
        frames = chunk.firstFrame() + chunk.best().length;
        endIfSilentUntil(frames, results);
        if (!utterance.isEmpty()) {
            results.add(hypothesis(false));
        }
        return results;
    }

    /** The stream is over: the final of what was not. */
    public List<Hypothesis> finish() {
        List<Hypothesis> results = new ArrayList<>();
        end(results);
        return results;
    }

    private void endIfSilentUntil(long frame, List<Hypothesis> results) {
        if (!utterance.isEmpty() && frame - utterance.get(utterance.size() - 1).frame() > silentFrames) {
            end(results);
        }
    }

    private void end(List<Hypothesis> results) {
        Hypothesis last = hypothesis(true);
        if (!last.words().isEmpty()) {
            results.add(last);
        }
        utterance.clear();
    }

    private Hypothesis hypothesis(boolean isFinal) {
        return new Hypothesis(Words.of(tokens, secondsPerFrame, utterance), isFinal);
    }
}
