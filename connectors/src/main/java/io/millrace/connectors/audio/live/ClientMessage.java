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
     * @param pairing how results come
     * @param words whether finals list their words with times
     * @param maxAlternatives alternatives that a final may have; 0 for one text without alternatives
     */
    record Config(
            String streamId,
            int sampleRate,
            AudioEncoding encoding,
            int channels,
            Integer lookAhead,
            Integer silenceMillis,
            List<String> phrases,
            boolean partials,
            Pairing pairing,
            boolean words,
            int maxAlternatives)
            implements ClientMessage {
        /** Whether each message of audio, reset and eof is answered once, as Vosk's server does. */
        public boolean answersEach() {
            return pairing == Pairing.EACH_MESSAGE
                    || (pairing == Pairing.BY_STREAM_ID && streamId == null && channels == 1);
        }
    }

    /** How results come. */
    enum Pairing {
        /** One for each message where the client names no stream, since it is written for Vosk's server then. */
        BY_STREAM_ID,
        /** One for each message. */
        EACH_MESSAGE,
        /** When there are some. */
        AS_THEY_COME
    }

    /** The utterance is over, its final is wanted at once, and the stream goes on. */
    record Reset() implements ClientMessage {}

    /** The audio is over. */
    record Eof() implements ClientMessage {}
}
