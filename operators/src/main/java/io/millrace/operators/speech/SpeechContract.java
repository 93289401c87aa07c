package io.millrace.operators.speech;

import java.io.Serializable;
import java.util.List;

import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.tokens.Tokens;

/**
 * What the steps before and after a speech model rely on: another version must keep it, lest streams in mid-sentence be
 * cut or read by another measure.
 *
 * @param bands mel bands of a frame
 * @param subsampling mel frames of an encoder frame
 * @param lookAheads look-aheads that the model serves, in encoder frames, the smallest first
 * @param tokens its tokens
 */
public record SpeechContract(int bands, int subsampling, List<Integer> lookAheads, Tokens tokens)
        implements Serializable {

    public SpeechContract {
        lookAheads = lookAheads.stream().sorted().distinct().toList();
        if (lookAheads.isEmpty()) {
            throw new IllegalArgumentException("a speech model serves at least one look-ahead");
        }
    }

    /** What a model keeps. */
    public static SpeechContract of(SpeechModel model) {
        return new SpeechContract(
                model.config().features(),
                model.config().subsampling(),
                model.config().contexts().stream().map(AttentionContext::right).toList(),
                model.tokens());
    }

    /** Milliseconds from one encoder frame to the next. */
    public long millisPerFrame() {
        return (long) MelFrontEnd.HOP * subsampling * 1000 / MelFrontEnd.SAMPLE_RATE;
    }
}
