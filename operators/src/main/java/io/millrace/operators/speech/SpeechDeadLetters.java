package io.millrace.operators.speech;

import java.nio.charset.StandardCharsets;

import io.millrace.operators.deadletter.DeadLetters;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/** Dead letters of audio that was decoded but could not be heard. */
final class SpeechDeadLetters {

    static final String STAGE = "speech";

    private SpeechDeadLetters() {}

    static DeadLetter of(AudioChunk chunk, DeadLetterReason reason, String message) {
        return DeadLetters.of(STAGE, "assemble", chunk.getStreamId(), chunk, reason, message);
    }

    /** Of a chunk of features there is nothing to send again: its letter says which part of the stream was not heard. */
    static DeadLetter of(AssembledSpeech speech, DeadLetterReason reason, String message) {
        String part = "stream " + speech.streamId + ", channel " + speech.channel + ", up to "
                + (speech.stretchStartMillis + speech.heardMillis) + " ms, " + speech.frames + " mel frames";
        return DeadLetters.of(STAGE, "infer", speech.streamId, part.getBytes(StandardCharsets.UTF_8), reason, message);
    }
}
