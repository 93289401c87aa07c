package io.millrace.connectors.audio.live;

import java.util.List;

import io.millrace.schemas.AudioEncoding;

/** What a client says in text. */
public sealed interface ClientMessage {
    /**
     * How its audio is to be understood, and how far to look ahead; the first message, and a later one to look otherwise.
     *
     * @param streamId identifier of its stream; null to be given one
     * @param sampleRate samples a second of one channel
     * @param encoding how samples are written
     * @param channels channels, interleaved in the audio
     * @param lookAhead look-ahead asked for, frames of the encoder; null for the job's
     * @param silenceMillis silence that ends an utterance, milliseconds; null for the job's
     * @param phrases words and phrases to prefer
     * @param partials whether partial results are wanted
     */
    record Config(
            String streamId,
            int sampleRate,
            AudioEncoding encoding,
            int channels,
            Integer lookAhead,
            Integer silenceMillis,
            List<String> phrases,
            boolean partials)
            implements ClientMessage {}

    /** The audio is over. */
    record Eof() implements ClientMessage {}
}
