package io.millrace.models.camera.scoring;

import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Some of many features, such that each of the others is near one of them. */
final class Coreset {

    private Coreset() {}

    /**
     * Chooses greedily: always that which is farthest from all chosen before.
     *
     * @param features [N, C]
     * @param kept how many at most
     * @param among how many are drawn to choose from at most
     * @return [M, C]
     */
    static NDArray of(NDArray features, int kept, int among, long seed) {
        int count = Math.toIntExact(features.getShape().get(0));
        Random random = new Random(seed);
        NDManager manager = features.getManager();
        NDArray candidates = count <= among
                ? features
                : features.get(manager.create(random.ints(0, count)
                        .distinct()
                        .limit(among)
                        .asLongStream()
                        .toArray()));
        int candidateCount = Math.toIntExact(candidates.getShape().get(0));
        if (candidateCount <= kept) {
            return candidates.duplicate();
        }
        long[] chosen = new long[kept];
        try (NDManager scratch = manager.newSubManager()) {
            NDArray squares = candidates.square().sum(new int[] {1});
            squares.attach(scratch);
            NDArray nearest = null;
            int next = random.nextInt(candidateCount);
            for (int i = 0; i < kept; i++) {
                chosen[i] = next;
                try (NDManager step = manager.newSubManager()) {
                    NDArray one = candidates.get(next);
                    one.attach(step);
                    NDArray distance = squares.sub(candidates.matMul(one).mul(2))
                            .add(one.square().sum());
                    NDArray closer = nearest == null ? distance : nearest.minimum(distance);
                    closer.attach(scratch);
                    if (nearest != null) {
                        nearest.close();
                    }
                    nearest = closer;
                    next = (int) nearest.argMax().getLong();
                }
            }
        }
        return candidates.get(manager.create(chosen));
    }
}
