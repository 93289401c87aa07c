package io.millrace.operators.features;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class FeatureDrawTest {

    private static Set<String> drawn(double rate, String pattern, int records) {
        FeatureDraw draw = new FeatureDraw(rate);
        Set<String> drawn = new HashSet<>();
        for (int i = 0; i < records; i++) {
            String id = String.format(pattern, i);
            if (draw.draws(id)) {
                drawn.add(id);
            }
        }
        return drawn;
    }

    @ParameterizedTest
    @ValueSource(strings = {"%d", "flow-%08d", "probe/%x", "0|call-%d/1772366400000/96", "0|call/1772366400000/%d"})
    void recordsAreDrawnAtTheRateWhateverTheirIdsLookLike(String pattern) {
        int records = 1_500;
        assertThat(drawn(0, pattern, records)).isEmpty();
        assertThat(drawn(1, pattern, records)).hasSize(records);
        for (double rate : new double[] {0.03, 0.5}) {
            double deviation = Math.sqrt(records * rate * (1 - rate));
            assertThat((double) drawn(rate, pattern, records).size())
                    .as("at %s", rate)
                    .isCloseTo(records * rate, within(5 * deviation));
        }
    }

    @Test
    void aReplayDrawsTheSameAndAHigherRateDrawsMoreOfThem() {
        Set<String> few = drawn(0.1, "flow-%d", 1_000);
        assertThat(drawn(0.1, "flow-%d", 1_000)).isEqualTo(few);
        assertThat(drawn(0.3, "flow-%d", 1_000)).containsAll(few);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aRateIsAShare(double rate) {
        assertThatThrownBy(() -> new FeatureDraw(rate)).hasMessage("sample-rate must be 0 to 1, got " + rate);
    }
}
