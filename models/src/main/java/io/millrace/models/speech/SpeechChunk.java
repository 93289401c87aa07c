package io.millrace.models.speech;

/**
 * A chunk of one stream for {@link FastConformerModel}, as {@link io.millrace.models.speech.network.ChunkPlan} cuts it.
 *
 * @param mel log-mel features of the frames before the chunk and of the chunk, frame after frame
 * @param frames number of those frames
 * @param drop encoder frames that the frames before the chunk make
 * @param lookAhead look-ahead in encoder frames, one that the model serves
 */
public record SpeechChunk(float[] mel, int frames, int drop, int lookAhead) {

    public SpeechChunk {
        if (frames < 1 || mel.length % frames != 0 || drop < 0 || lookAhead < 0) {
            throw new IllegalArgumentException("a chunk of " + frames + " frames, " + mel.length + " features, drop "
                    + drop + " and look-ahead " + lookAhead + " cannot be");
        }
    }
}
