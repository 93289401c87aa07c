package io.millrace.operators.speech;

import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.streaming.ModelId;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.operators.inference.RecordMapping;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/** Chunk of features to model input, model output to what was heard; the end of a stretch ends its key. */
public final class SpeechMapping implements RecordMapping<AssembledSpeech, SpeechChunk, SpeechFrames, HeardSpeech> {

    private final SpeechSampling sampling;

    /** {@code draw}: which chunks are drawn as samples. */
    public SpeechMapping(FeatureDraw draw) {
        sampling = new SpeechSampling(draw);
    }

    @Override
    public SpeechChunk input(AssembledSpeech speech) {
        return new SpeechChunk(
                speech.mel, speech.frames, speech.drop, speech.lookAhead, speech.phrases, sampling.draws(speech));
    }

    @Override
    public HeardSpeech result(AssembledSpeech speech, SpeechFrames output, ModelId model) {
        HeardSpeech heard = HeardSpeech.of(speech, output, model);
        heard.sample = sampling.draws(speech) ? sampling.sample(speech, output, model) : null;
        return heard;
    }

    @Override
    public boolean endsKey(AssembledSpeech speech) {
        return speech.isEnd();
    }

    @Override
    public HeardSpeech ended(AssembledSpeech speech, ModelId model) {
        return HeardSpeech.end(speech, model);
    }

    @Override
    public long bytes(AssembledSpeech speech) {
        return (long) Float.BYTES * speech.mel.length;
    }

    @Override
    public DeadLetter deadLetter(AssembledSpeech speech, DeadLetterReason reason, String message) {
        return SpeechDeadLetters.of(speech, reason, message);
    }
}
