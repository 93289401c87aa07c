package io.millrace.connectors.audio.live;

import java.util.concurrent.CompletionStage;

import io.millrace.schemas.AudioChunk;

/** Takes the audio of all clients. Safe for use by many threads. */
public interface AudioOutlet {
    /**
     * Takes a chunk; the chunks of a channel in the order of the calls. Must not block: whoever calls counts what is not yet
     * delivered and holds its client back.
     *
     * @return done when the chunk is safe; failed if it could not be delivered
     */
    CompletionStage<?> send(AudioChunk chunk);
}
