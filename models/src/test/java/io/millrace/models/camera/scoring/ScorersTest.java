package io.millrace.models.camera.scoring;

import java.util.Random;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Scorers against plain loops. */
class ScorersTest {

    private static final int SIDE = 5;
    private static final int CELLS = SIDE * SIDE;
    private static final int CHANNELS = 3;
    private static final int PICTURES = 6;
    private static final Offset<Float> CLOSE = Offset.offset(1e-3f);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final float[][][] normal = random(PICTURES, 1);
    private final float[][][] asked = random(2, 2);

    @AfterEach
    void close() {
        manager.close();
    }

    private static float[][][] random(int pictures, long seed) {
        Random random = new Random(seed);
        float[][][] values = new float[pictures][CELLS][CHANNELS];
        for (float[][] picture : values) {
            for (float[] cell : picture) {
                for (int c = 0; c < CHANNELS; c++) {
                    cell[c] = (float) random.nextGaussian() * (c + 1);
                }
            }
        }
        return values;
    }

    private NDArray array(float[][][] values) {
        float[] flat = new float[values.length * CELLS * CHANNELS];
        int at = 0;
        for (float[][] picture : values) {
            for (float[] cell : picture) {
                for (float value : cell) {
                    flat[at++] = value;
                }
            }
        }
        return manager.create(flat, new Shape(values.length, CELLS, CHANNELS));
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int c = 0; c < CHANNELS; c++) {
            squares += (a[c] - b[c]) * (a[c] - b[c]);
        }
        return Math.sqrt(squares);
    }

    /** The nearest normal cell that is at most so many rows and columns away. */
    private float[] nearest(int radius) {
        float[] scores = new float[asked.length * CELLS];
        for (int b = 0; b < asked.length; b++) {
            for (int cell = 0; cell < CELLS; cell++) {
                double least = Double.MAX_VALUE;
                for (float[][] picture : normal) {
                    for (int other = 0; other < CELLS; other++) {
                        if (Math.abs(other / SIDE - cell / SIDE) <= radius
                                && Math.abs(other % SIDE - cell % SIDE) <= radius) {
                            least = Math.min(least, distance(asked[b][cell], picture[other]));
                        }
                    }
                }
                scores[b * CELLS + cell] = (float) least;
            }
        }
        return scores;
    }

    @Test
    void samePlaceLooksTwoCellsAround() {
        try (Scorer scorer = Scorer.of(Scorer.Kind.SAME_PLACE, array(normal), SIDE, 1)) {
            assertThat(scorer.score(array(asked)).toFloatArray()).containsExactly(nearest(2), CLOSE);
        }
    }

    @Test
    void anywhereLooksEverywhere() {
        try (Scorer scorer = Scorer.of(Scorer.Kind.ANYWHERE, array(normal), SIDE, 1)) {
            assertThat(scorer.score(array(asked)).toFloatArray()).containsExactly(nearest(SIDE), CLOSE);
        }
    }

    @Test
    void meanAndVarianceAreThoseOfThePlace() {
        // Each place has deviations of its own, of which three tenths are those of all places.
        double[][] mean = new double[CELLS][CHANNELS];
        double[][] squares = new double[CELLS][CHANNELS];
        double[] all = new double[CHANNELS];
        for (int cell = 0; cell < CELLS; cell++) {
            for (int c = 0; c < CHANNELS; c++) {
                for (float[][] picture : normal) {
                    mean[cell][c] += picture[cell][c] / (double) PICTURES;
                }
                for (float[][] picture : normal) {
                    squares[cell][c] += Math.pow(picture[cell][c] - mean[cell][c], 2) / PICTURES;
                }
                all[c] += squares[cell][c] / CELLS;
            }
        }
        float[] expected = new float[asked.length * CELLS];
        for (int b = 0; b < asked.length; b++) {
            for (int cell = 0; cell < CELLS; cell++) {
                double sum = 0;
                for (int c = 0; c < CHANNELS; c++) {
                    double deviation = Math.sqrt(0.7 * squares[cell][c] + 0.3 * all[c]);
                    sum += Math.pow((asked[b][cell][c] - mean[cell][c]) / deviation, 2) / CHANNELS;
                }
                expected[b * CELLS + cell] = (float) Math.sqrt(sum);
            }
        }
        try (Scorer scorer = Scorer.of(Scorer.Kind.MEAN_VARIANCE, array(normal), SIDE, 1)) {
            assertThat(scorer.score(array(asked)).toFloatArray()).containsExactly(expected, CLOSE);
        }
    }

    @Test
    void theSharedCovarianceMakesChannelsOfAnyScaleAlike() {
        float[][][] stretched = random(PICTURES, 1);
        float[][][] askedStretched = random(2, 2);
        for (float[][][] pictures : new float[][][][] {stretched, askedStretched}) {
            for (float[][] picture : pictures) {
                for (float[] cell : picture) {
                    for (int c = 0; c < CHANNELS; c++) {
                        cell[c] *= 7;
                    }
                }
            }
        }
        try (Scorer scorer = Scorer.of(Scorer.Kind.SHARED, array(normal), SIDE, 1);
                Scorer other = Scorer.of(Scorer.Kind.SHARED, array(stretched), SIDE, 1)) {
            float[] expected = scorer.score(array(asked)).toFloatArray();
            assertThat(other.score(array(askedStretched)).toFloatArray()).containsExactly(expected, CLOSE);
            assertThat(scorer.score(array(normal)).mean().getFloat()).isBetween(0.5f, 1.2f);
        }
    }

    @ParameterizedTest
    @EnumSource(Scorer.Kind.class)
    void whatWasKeptScoresTheSame(Scorer.Kind kind) {
        try (Scorer scorer = Scorer.of(kind, array(normal), SIDE, 1);
                Scorer read = Scorer.read(kind, scorer.tensors(), SIDE, manager)) {
            assertThat(read.kind()).isEqualTo(kind);
            float[] expected = scorer.score(array(asked)).toFloatArray();
            assertThat(read.score(array(asked)).toFloatArray()).containsExactly(expected, Offset.offset(1e-6f));
        }
    }

    @Test
    void aCoresetLeavesNothingFarAway() {
        NDArray points = manager.create(new float[] {0, 0.1f, 0.2f, 10, 10.1f, 20, 20.1f, 0.05f}, new Shape(8, 1));
        float[] chosen = Coreset.of(points, 3, 100, 4).toFloatArray();
        assertThat(chosen).hasSize(3);
        for (float place : new float[] {0, 10, 20}) {
            assertThat(chosen).satisfies(kept -> {
                float least = Float.MAX_VALUE;
                for (float value : kept) {
                    least = Math.min(least, Math.abs(value - place));
                }
                assertThat(least).isLessThan(0.5f);
            });
        }
        assertThat(Coreset.of(points, 8, 100, 4).getShape()).isEqualTo(new Shape(8, 1));
    }
}
