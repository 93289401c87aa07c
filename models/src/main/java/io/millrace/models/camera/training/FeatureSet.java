package io.millrace.models.camera.training;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.camera.scoring.FeatureGrid;
import io.millrace.models.vision.Backbone;

/** Features of many pictures, taken some at a time. */
final class FeatureSet {

    private static final int BATCH = 8;

    private FeatureSet() {}

    /**
     * Raw features of pictures.
     *
     * @param pictures 3 x size x size bytes each
     * @param manager owner of the result
     * @return [N, L, C]
     */
    static NDArray of(Backbone backbone, List<byte[]> pictures, int size, NDManager manager) {
        List<NDArray> parts = new ArrayList<>();
        for (int from = 0; from < pictures.size(); from += BATCH) {
            try (NDManager step = manager.newSubManager()) {
                NDArray raw = FeatureGrid.raw(
                        backbone,
                        step,
                        pixels(pictures.subList(from, Math.min(pictures.size(), from + BATCH)), size, step));
                raw.attach(manager);
                parts.add(raw);
            }
        }
        NDArray all = NDArrays.concat(new NDList(parts), 0);
        parts.forEach(NDArray::close);
        return all;
    }

    /** Pictures as [B, 3, size, size], 0 to 255. */
    static NDArray pixels(List<byte[]> pictures, int size, NDManager manager) {
        float[] values = new float[pictures.size() * 3 * size * size];
        int plane = size * size;
        for (int b = 0; b < pictures.size(); b++) {
            byte[] rgb = pictures.get(b);
            for (int i = 0; i < plane; i++) {
                for (int c = 0; c < 3; c++) {
                    values[(3 * b + c) * plane + i] = rgb[3 * i + c] & 0xff;
                }
            }
        }
        return manager.create(values, new Shape(pictures.size(), 3, size, size));
    }
}
