package io.millrace.models.camera.evaluation;

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class MapMetricsTest {

    private static final int SIDE = 8;

    @Test
    void theAreaIsThatOfPairsInOrder() {
        Random random = new Random(3);
        MapMetrics metrics = new MapMetrics(SIDE);
        float[] map = new float[SIDE * SIDE];
        boolean[] mask = new boolean[SIDE * SIDE];
        for (int i = 0; i < map.length; i++) {
            mask[i] = i % 5 == 0;
            map[i] = random.nextInt(20) + (mask[i] ? 4 : 0);
        }
        metrics.add(map, mask);
        double inOrder = 0;
        double pairs = 0;
        for (int a = 0; a < map.length; a++) {
            for (int b = 0; b < map.length; b++) {
                if (mask[a] && !mask[b]) {
                    pairs++;
                    inOrder += map[a] > map[b] ? 1 : map[a] == map[b] ? 0.5 : 0;
                }
            }
        }
        assertThat(metrics.auroc()).isCloseTo(inOrder / pairs, within(1e-9));
    }

    /** A region of one pixel counts as much as one of four; the small one is found at once, the large one never. */
    @Test
    void eachRegionCountsAlike() {
        float[] map = new float[SIDE * SIDE];
        boolean[] mask = new boolean[SIDE * SIDE];
        for (int i = 0; i < map.length; i++) {
            map[i] = 1;
        }
        mask[0] = true;
        map[0] = 2;
        for (int at : new int[] {36, 37, 44, 45}) {
            mask[at] = true;
            map[at] = 0;
        }
        MapMetrics metrics = new MapMetrics(SIDE);
        metrics.add(map, mask);
        // At every rate of false alarms up to .3 half of the regions are found.
        assertThat(metrics.overlap()).isCloseTo(0.5, within(0.02));
    }

    @Test
    void aPerfectMapHasOne() {
        float[] map = new float[SIDE * SIDE];
        boolean[] mask = new boolean[SIDE * SIDE];
        mask[9] = true;
        map[9] = 1;
        MapMetrics metrics = new MapMetrics(SIDE);
        metrics.add(map, mask);
        metrics.add(new float[SIDE * SIDE], new boolean[SIDE * SIDE]);
        assertThat(metrics.auroc()).isEqualTo(1);
        assertThat(metrics.overlap()).isCloseTo(1, within(1e-9));
    }

    @Test
    void withoutDefectsThereIsNoFigure() {
        MapMetrics metrics = new MapMetrics(SIDE);
        metrics.add(new float[SIDE * SIDE], new boolean[SIDE * SIDE]);
        assertThat(metrics.auroc()).isNaN();
        assertThat(metrics.overlap()).isNaN();
        assertThatThrownBy(() -> metrics.add(new float[3], new boolean[3])).hasMessageContaining("64 pixels");
    }
}
