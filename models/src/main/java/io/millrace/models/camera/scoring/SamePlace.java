package io.millrace.models.camera.scoring;

import java.util.Map;
import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.checkpoint.HostTensor;

/**
 * Distance to the nearest feature of the normal pictures that are kept, within {@value #RADIUS} cells of the same place. Kept
 * place by place, [L, C, M], so that all pictures are compared in one product.
 */
record SamePlace(NDManager manager, NDArray memory, NDArray squares, int side) implements Scorer {

    private static final int RADIUS = 2;
    private static final int MOST_KEPT = 48;

    SamePlace(NDManager manager, NDArray memory, int side) {
        this(manager, memory, memory.square().sum(new int[] {1}), side);
    }

    static SamePlace of(NDArray features, int side, long seed) {
        NDManager own = features.getManager().newSubManager();
        int count = Math.toIntExact(features.getShape().get(0));
        NDArray kept = features;
        if (count > MOST_KEPT) {
            kept = features.get(features.getManager()
                    .create(new Random(seed)
                            .ints(0, count)
                            .distinct()
                            .limit(MOST_KEPT)
                            .sorted()
                            .asLongStream()
                            .toArray()));
        }
        // A product reads its matrices as they lie: the transposed view is laid out anew.
        NDArray memory = kept.transpose(1, 2, 0).duplicate();
        memory.attach(own);
        return new SamePlace(own, memory, side);
    }

    @Override
    public Kind kind() {
        return Kind.SAME_PLACE;
    }

    @Override
    public NDArray score(NDArray features) {
        Shape shape = features.getShape();
        long pictures = shape.get(0);
        // [L, B, C]
        NDArray queries = features.transpose(1, 0, 2);
        NDArray grid = queries.reshape(side, side, pictures, shape.get(2));
        NDArray stored = memory.reshape(side, side, shape.get(2), -1);
        NDArray lengths = squares.reshape(side, side, 1, -1);
        NDArray nearest = features.getManager().full(new Shape(side, side, pictures), Float.MAX_VALUE);
        for (int dy = -RADIUS; dy <= RADIUS; dy++) {
            for (int dx = -RADIUS; dx <= RADIUS; dx++) {
                String here = range(-dy) + ", " + range(-dx);
                String there = range(dy) + ", " + range(dx);
                NDArray distance = lengths.get(there)
                        .sub(grid.get(here).matMul(stored.get(there)).mul(2))
                        .min(new int[] {3});
                nearest.set(
                        new ai.djl.ndarray.index.NDIndex(here),
                        nearest.get(here).minimum(distance));
            }
        }
        NDArray own = queries.square().sum(new int[] {2});
        return nearest.reshape(shape.get(1), pictures)
                .add(own)
                .maximum(0)
                .sqrt()
                .transpose();
    }

    /** The cells whose neighbour at a distance is in the grid, counted from the neighbour's side. */
    private String range(int shift) {
        return Math.max(0, shift) + ":" + (side + Math.min(0, shift));
    }

    @Override
    public Map<String, HostTensor> tensors() {
        return Map.of("memory", HostTensor.of(memory));
    }

    @Override
    public void close() {
        manager.close();
    }
}
