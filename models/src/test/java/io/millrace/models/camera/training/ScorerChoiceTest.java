package io.millrace.models.camera.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.models.camera.scoring.FeatureGrid;
import io.millrace.models.camera.scoring.Scorer;
import io.millrace.models.vision.PretrainedTrunk;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScorerChoiceTest {

    private static final int SIZE = 64;

    /** A bright disc in the middle of a dark field, a little moved and noisy. */
    private static byte[] disc(Random random) {
        byte[] rgb = new byte[3 * SIZE * SIZE];
        double x = 32 + random.nextDouble();
        double y = 32 + random.nextDouble();
        for (int i = 0; i < SIZE * SIZE; i++) {
            boolean inside = Math.hypot(i % SIZE - x, i / SIZE - y) < 16;
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = (byte) ((inside ? 180 - 20 * c : 60) + random.nextInt(5));
            }
        }
        return rgb;
    }

    @Test
    void allScorersAndTheirMeansAreTriedByNormalPicturesAlone() throws Exception {
        Random random = new Random(4);
        List<byte[]> pictures = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pictures.add(disc(random));
        }
        try (PretrainedTrunk trunk = PretrainedTrunk.shipped(Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray raw = FeatureSet.of(trunk, pictures, SIZE, manager);
            FeatureGrid grid = FeatureGrid.fitted(trunk, SIZE, raw);
            assertThat(grid.side()).isEqualTo(8);
            assertThat(grid.channels()).isEqualTo(128);
            ScorerChoice.Result result = new ScorerChoice(trunk, SIZE, 1, 7).of(pictures, grid, grid.of(raw), manager);
            assertThat(result.trials()).hasSize(15);
            assertThat(result.scales()).containsOnlyKeys(Scorer.Kind.values());
            assertThat(result.heldOut().get(Scorer.Kind.SHARED).getShape().get(0))
                    .isEqualTo(12);
            assertThat(result.trials().stream()
                            .mapToDouble(ScorerChoice.Trial::worth)
                            .max()
                            .orElseThrow())
                    .isGreaterThan(0.8);
        }
    }
}
