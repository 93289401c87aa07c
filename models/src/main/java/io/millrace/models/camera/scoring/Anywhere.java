package io.millrace.models.camera.scoring;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.checkpoint.HostTensor;

/** Distance to the nearest of the normal features that are kept, wherever they were: [M, C]. */
record Anywhere(NDManager manager, NDArray memory, NDArray squares) implements Scorer {

    private static final int MOST_KEPT = 4096;
    private static final int MOST_CHOSEN_FROM = 60_000;

    Anywhere(NDManager manager, NDArray memory) {
        this(manager, memory, memory.square().sum(new int[] {1}));
    }

    static Anywhere of(NDArray features, long seed) {
        NDManager own = features.getManager().newSubManager();
        NDArray flat = features.reshape(-1, features.getShape().get(2));
        NDArray memory = Coreset.of(flat, MOST_KEPT, MOST_CHOSEN_FROM, seed);
        memory.attach(own);
        return new Anywhere(own, memory);
    }

    @Override
    public Kind kind() {
        return Kind.ANYWHERE;
    }

    @Override
    public NDArray score(NDArray features) {
        Shape shape = features.getShape();
        NDArray flat = features.reshape(-1, shape.get(2));
        NDArray nearest = squares.sub(flat.matMul(memory.transpose()).mul(2)).min(new int[] {1});
        return nearest.add(flat.square().sum(new int[] {1})).maximum(0).sqrt().reshape(shape.get(0), shape.get(1));
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
