package io.millrace.models.speech.decoding;

import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.network.FastConformerConfig;

/**
 * The silence after which a transducer looks for the next token as for a first one: its joint network then gets what the
 * prediction network gives before a first token, in place of what it gives after those that there were. A network
 * trained on single utterances knows encoder frames that come after a silence beside the former alone; beside the
 * latter, which it met only within an utterance, it takes the word for silence. The token that is found goes on from the
 * tokens before: a prediction network that really begins anew gives many words twice.
 */
final class Rest {

    /** Chosen on strings and commands of the validation part: models/SPEECH.md. */
    static final double SECONDS = 0.88;

    private Rest() {}

    /** The rest in encoder frames. */
    static int frames(FastConformerConfig config) {
        return (int) Math.round(SECONDS * MelFrontEnd.SAMPLE_RATE / MelFrontEnd.HOP / config.subsampling());
    }
}
