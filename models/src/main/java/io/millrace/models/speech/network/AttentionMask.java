package io.millrace.models.speech.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Which keys a query may see, style {@code chunked_limited}: Noroozi et al. (arXiv 2312.17279), section 3.2. */
final class AttentionMask {

    private AttentionMask() {}

    /**
     * The mask of T new frames behind C cached ones.
     *
     * @param cached frames that the cache has room for, C, a multiple of the chunk; 0 offline
     * @param filled frames of the cache that hold something, for each item; null offline
     * @param lengths new frames that are no padding, for each item
     * @param steps new frames, T
     * @return float [B, 1, T, C + T], 1 where a key is hidden
     */
    static NDArray hidden(
            NDManager manager, AttentionContext context, int cached, long[] filled, long[] lengths, long steps) {
        int t = Math.toIntExact(steps);
        int keys = cached + t;
        int chunk = context.chunk();
        int chunksBefore = context.left() / chunk;
        float[] hidden = new float[lengths.length * t * keys];
        int at = 0;
        for (int b = 0; b < lengths.length; b++) {
            long first = filled == null ? 0 : cached - filled[b];
            long end = cached + lengths[b];
            for (int i = cached; i < keys; i++) {
                for (int j = 0; j < keys; j++) {
                    int back = i / chunk - j / chunk;
                    boolean seen = i < end && j >= first && j < end && back >= 0 && back <= chunksBefore;
                    hidden[at++] = seen ? 0 : 1;
                }
            }
        }
        return manager.create(hidden, new Shape(lengths.length, 1, t, keys));
    }
}
