package io.millrace.operators.speech;

import java.nio.charset.StandardCharsets;

import io.millrace.operators.deadletter.DeadLetters;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/** Dead letters of audio that was decoded but could not be heard. */
final class SpeechDeadLetters {

    static final String STAGE = "speech";

    private SpeechDeadLetters() {}

    static DeadLetter of(Traced<AudioChunk> chunk, DeadLetterReason reason, String message) {
        return DeadLetters.at(
                chunk.origin,
                DeadLetters.of(STAGE, "assemble", chunk.record.getStreamId(), chunk.record, reason, message));
    }

    /** Of a chunk of features that the network does not answer. */
    static DeadLetter of(AssembledSpeech speech, DeadLetterReason reason, String message) {
        return of(speech, "infer", reason, message);
    }

    /**
     * Of a chunk of features there is nothing to send again: its letter says which part of the stream was not heard, and
     * names the last record that this part was made of.
     */
    static DeadLetter of(AssembledSpeech speech, String step, DeadLetterReason reason, String message) {
        String part = "stream " + speech.streamId + ", channel " + speech.channel + ", up to "
                + (speech.stretchStartMillis + speech.heardMillis) + " ms, " + speech.frames + " mel frames"
                + (speech.origin == null
                        ? ""
                        : ", of the records from offset " + speech.sinceOffset + " to " + speech.origin.offset());
        return DeadLetters.at(
                speech.origin,
                DeadLetters.of(STAGE, step, speech.streamId, part.getBytes(StandardCharsets.UTF_8), reason, message));
    }
}
