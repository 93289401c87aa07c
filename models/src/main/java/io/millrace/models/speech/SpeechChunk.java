package io.millrace.models.speech;

import java.util.List;

/**
 * A chunk of one stream for {@link FastConformerModel}, as {@link io.millrace.models.speech.network.ChunkPlan} cuts it.
 *
 * @param mel log-mel features of the frames before the chunk and of the chunk, frame after frame
 * @param frames number of those frames
 * @param drop encoder frames that the frames before the chunk make
 * @param lookAhead look-ahead in encoder frames, one that the model serves
 * @param phrases what the stream prefers to hear, in a model that searches with a beam
 * @param embedded whether the embedding of the chunk is asked for
 */
public record SpeechChunk(float[] mel, int frames, int drop, int lookAhead, List<String> phrases, boolean embedded) {

    /** Without an embedding of a stream that prefers nothing. */
    public SpeechChunk(float[] mel, int frames, int drop, int lookAhead) {
        this(mel, frames, drop, lookAhead, List.of(), false);
    }

    public SpeechChunk {
        if (frames < 1 || mel.length % frames != 0 || drop < 0 || lookAhead < 0) {
            throw new IllegalArgumentException("a chunk of " + frames + " frames, " + mel.length + " features, drop "
                    + drop + " and look-ahead " + lookAhead + " cannot be");
        }
    }
}
