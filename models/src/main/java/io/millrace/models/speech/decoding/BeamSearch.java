package io.millrace.models.speech.decoding;

import java.util.List;

import ai.djl.ndarray.NDArray;
import io.millrace.models.streaming.TensorSpec;

/** A search with several hypotheses over a batch of streams, which goes on from chunk to chunk. */
public interface BeamSearch {

    /** What it keeps of a stream; zeros before its first frame. */
    List<TensorSpec> state();

    /**
     * What came of a chunk.
     *
     * @param beams for each stream
     * @param silent for each stream the frames since the last token of its best hypothesis, not counted beyond what the
     *     search needs to know
     * @param state in the order of {@link #state()}, [B, shape of the tensor] each
     */
    record Result(List<Beams> beams, int[] silent, List<NDArray> state) {}

    /**
     * Searches a chunk.
     *
     * @param frames what it goes by, [B, T, ...]: encoder frames, or what a head makes of them
     * @param lengths frames of each stream
     * @param begins whether these are its first
     * @param silent what it gave of the streams before
     * @param boosts phrases that each stream prefers
     * @param state what it kept of the streams, in the order of {@link #state()}
     */
    Result search(
            NDArray frames,
            long[] lengths,
            boolean[] begins,
            int[] silent,
            List<PhraseBoost> boosts,
            List<NDArray> state);
}
