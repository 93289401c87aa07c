package io.millrace.operators.speech;

import java.io.Serializable;
import java.time.Duration;

import io.millrace.models.speech.decoding.UtteranceDecoder;

/**
 * How what was heard becomes utterances.
 *
 * @param head head of the network whose tokens count
 * @param silence time without a new token that ends an utterance, for streams that do not ask for another
 */
public record DecodingSettings(UtteranceDecoder.Head head, Duration silence) implements Serializable {

    public DecodingSettings {
        if (silence.isNegative() || silence.isZero() || silence.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("silence must be more than 0 and at most 1 hour, got " + silence);
        }
    }
}
