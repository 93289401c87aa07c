package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.List;

import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.tokens.Tokens;

/**
 * Makes utterances of what a model gave chunk by chunk for one stream: an utterance ends when no token has begun for a
 * while, or the stream does; one that goes on and on is cut at a short pause, at last without one. Only lists of tokens
 * begin anew then; what the network remembers goes on.
 */
public final class UtteranceDecoder {

    /** Length from which on an utterance is cut at a short pause, seconds; at twice the length anywhere. */
    public static final double LONG_SECONDS = 30;

    private static final double SHORT_PAUSE_SECONDS = 0.24;

    private final Tokens tokens;
    private final int melFrames;
    private final int silentFrames;
    private final int longFrames;
    private final int pauseFrames;
    private final Head head;
    private final CtcGreedy temporal;
    /** What the utterance may be, the best first. */
    private List<List<Emission>> hypotheses;

    private Levels levels;
    private long frames;

    /** The head whose tokens count. */
    public enum Head {
        CTC,
        RNNT;

        /** The one that is taken where nothing is said: it errs less on validation data, see models/SPEECH.md. */
        public static final Head STANDARD = CTC;
    }

    /**
     * Where a stream stands.
     *
     * @param frames encoder frames heard
     * @param lastBest best token of the last of them by the CTC head
     * @param hypotheses tokens of the utterance that is not over, as often as there are hypotheses, the best first
     * @param levels loudness from as far back on as it may matter to the utterance or the next one
     */
    public record State(long frames, int lastBest, List<List<Emission>> hypotheses, Levels levels) {

        public State {
            hypotheses = hypotheses.stream().map(List::copyOf).toList();
        }

        /** Tokens of the best hypothesis. */
        public List<Emission> utterance() {
            return hypotheses.get(0);
        }
    }

    /**
     * A decoder at the start of a stream.
     *
     * @param secondsPerFrame seconds from one encoder frame to the next
     * @param silenceSeconds time without a new token that ends an utterance
     */
    public UtteranceDecoder(Tokens tokens, double secondsPerFrame, double silenceSeconds, Head head) {
        this(
                tokens,
                secondsPerFrame,
                silenceSeconds,
                head,
                new State(0, tokens.size(), List.of(List.of()), Levels.NONE));
    }

    /** A decoder that goes on where another stood. */
    public UtteranceDecoder(Tokens tokens, double secondsPerFrame, double silenceSeconds, Head head, State state) {
        this.tokens = tokens;
        this.melFrames = Math.toIntExact(Math.round(secondsPerFrame * MelFrontEnd.SAMPLE_RATE / MelFrontEnd.HOP));
        this.silentFrames = (int) Math.max(1, Math.round(silenceSeconds / secondsPerFrame));
        this.longFrames = (int) Math.round(LONG_SECONDS / secondsPerFrame);
        this.pauseFrames = (int) Math.max(1, Math.round(SHORT_PAUSE_SECONDS / secondsPerFrame));
        this.head = head;
        this.temporal = new CtcGreedy(tokens.size(), state.lastBest());
        this.hypotheses = new ArrayList<>();
        state.hypotheses().forEach(tokensOf -> hypotheses.add(new ArrayList<>(tokensOf)));
        this.levels = state.levels();
        this.frames = state.frames();
    }

    public State state() {
        return new State(frames, temporal.last(), hypotheses, levels);
    }

    /** Takes what a chunk gave; the finals that it brought, and the partial result last, if there is one. */
    public List<Hypothesis> accept(SpeechFrames chunk) {
        // The first encoder frame takes one mel frame, every further one as many as are made one.
        levels = levels.and(
                chunk.firstFrame() == 0 ? 0 : Words.heard(chunk.firstFrame() - 1, melFrames), chunk.levels());
        List<Emission> fresh = temporal.accept(chunk.best(), chunk.bestLogProbabilities(), chunk.firstFrame());
        List<Hypothesis> results = new ArrayList<>();
        if (chunk.beams() != null) {
            follow(chunk.beams(), chunk.firstFrame(), results);
        } else {
            for (Emission emission : head == Head.CTC ? fresh : chunk.emissions()) {
                endIfOver(emission.frame(), results);
                utterance().add(emission);
            }
        }
        frames = chunk.firstFrame() + chunk.best().length;
        endIfOver(frames, results);
        if (!utterance().isEmpty()) {
            results.add(new Hypothesis(words(Long.MAX_VALUE), false));
        }
        levels = levels.since(
                firstLevel(utterance().isEmpty() ? frames : utterance().get(0).frame()));
        return results;
    }

    private long firstLevel(long frame) {
        return Words.heard(frame, melFrames) - WordExtents.BEFORE;
    }

    private List<Emission> utterance() {
        return hypotheses.get(0);
    }

    /** Each hypothesis of a beam after a frame is one of those before it with some tokens more. */
    private void follow(Beams beams, long firstFrame, List<Hypothesis> results) {
        for (int t = 0; t < beams.frames(); t++) {
            endIfOver(firstFrame + t, results);
            List<List<Emission>> next = new ArrayList<>(beams.width());
            for (int k = 0; k < beams.width(); k++) {
                int at = t * beams.width() + k;
                // Before the first frame, and where few are in reach, there are fewer than the beam is wide.
                int parent = Math.min(beams.parents()[at], hypotheses.size() - 1);
                List<Emission> tokensOf = new ArrayList<>(hypotheses.get(parent));
                for (int i = at * beams.symbols(); i < (at + 1) * beams.symbols(); i++) {
                    if (beams.tokens()[i] != Beams.NONE) {
                        tokensOf.add(new Emission(beams.tokens()[i], firstFrame + t, beams.logProbabilities()[i]));
                    }
                }
                next.add(tokensOf);
            }
            hypotheses = next;
        }
    }

    /** The stream is over: the final of what was not. */
    public List<Hypothesis> finish() {
        List<Hypothesis> results = new ArrayList<>();
        end(false, results, Long.MAX_VALUE);
        return results;
    }

    /** Ends the utterance if until a frame it has been silent for long enough, or is too long. */
    private void endIfOver(long frame, List<Hypothesis> results) {
        List<Emission> best = utterance();
        if (best.isEmpty()) {
            return;
        }
        long first = best.get(0).frame();
        long last = best.get(best.size() - 1).frame();
        // However the frames come in chunks, an utterance ends where it is first known to be over.
        long overBySilence = last + silentFrames + 1;
        long overByLength = Math.min(first + 2L * longFrames, Math.max(first + longFrames, last + pauseFrames)) + 1;
        if (frame >= overBySilence) {
            end(false, results, Math.min(overBySilence, overByLength));
        } else if (frame >= overByLength) {
            end(true, results, overByLength);
        }
    }

    private void end(boolean isCut, List<Hypothesis> results, long atFrame) {
        Hypothesis last = new Hypothesis(words(atFrame), true, isCut);
        if (!last.words().isEmpty()) {
            results.add(last);
            // The next utterance begins behind this one.
            levels = levels.since(
                    Math.round(last.words().get(last.words().size() - 1).endSeconds()
                            * MelFrontEnd.SAMPLE_RATE
                            / MelFrontEnd.HOP));
        }
        // What else it might have been is no longer: a final does not change.
        hypotheses.forEach(List::clear);
    }

    /** The words, by what had been heard before a frame. */
    private List<Word> words(long beforeFrame) {
        List<Emission> best = utterance();
        if (best.isEmpty()) {
            return List.of();
        }
        long behind = Words.heard(best.get(best.size() - 1).frame(), melFrames) + WordExtents.BEHIND;
        long heard = beforeFrame == Long.MAX_VALUE ? behind : Words.heard(beforeFrame - 1, melFrames);
        return Words.of(
                tokens, melFrames, best, levels.between(firstLevel(best.get(0).frame()), Math.min(behind, heard)));
    }
}
