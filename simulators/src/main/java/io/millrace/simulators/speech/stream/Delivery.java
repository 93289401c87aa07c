package io.millrace.simulators.speech.stream;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTruth;

/**
 * Something that arrives: a chunk, or the truth about a channel that has ended. One of the two is null.
 *
 * @param timeMillis stream time of the arrival, milliseconds since the epoch
 * @param chunk the chunk
 * @param truth the truth
 */
public record Delivery(long timeMillis, AudioChunk chunk, SpeechTruth truth) {
    public Delivery {
        if ((chunk == null) == (truth == null)) {
            throw new IllegalArgumentException("a delivery is either a chunk or a truth");
        }
    }
}
