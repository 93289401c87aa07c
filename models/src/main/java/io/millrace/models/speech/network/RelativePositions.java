package io.millrace.models.speech.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Relative positions of Transformer-XL (Dai et al., arXiv 1901.02860, appendix B) for T queries that stand at the end of
 * a window of W keys: distances from W-1 down to -(T-1).
 */
final class RelativePositions {

    private RelativePositions() {}

    /** Sinusoids of those distances, [W + T - 1, d]: sine at even, cosine at odd places. */
    static NDArray table(NDManager manager, long queries, long keys, int width) {
        int count = Math.toIntExact(keys + queries - 1);
        float[] values = new float[count * width];
        for (int i = 0; i < width; i += 2) {
            float frequency = (float) Math.exp(i * -(Math.log(10_000) / width));
            for (int p = 0; p < count; p++) {
                float angle = (float) (keys - 1 - p) * frequency;
                values[p * width + i] = (float) Math.sin(angle);
                if (i + 1 < width) {
                    values[p * width + i + 1] = (float) Math.cos(angle);
                }
            }
        }
        return manager.create(values, new Shape(count, width));
    }

    /** From scores by distance, [B, h, T, W + T - 1], to scores by key, [B, h, T, W]. */
    static NDArray shift(NDArray scores, long keys) {
        Shape shape = scores.getShape();
        long batch = shape.get(0);
        long heads = shape.get(1);
        long queries = shape.get(2);
        long distances = shape.get(3);
        return scores.pad(new Shape(1, 0), 0)
                .reshape(batch, heads, distances + 1, queries)
                .get(":, :, 1:")
                .reshape(batch, heads, queries, distances)
                .get(":, :, :, :" + keys);
    }
}
