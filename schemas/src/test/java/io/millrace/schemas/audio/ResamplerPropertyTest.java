package io.millrace.schemas.audio;

import java.util.Arrays;
import java.util.SplittableRandom;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

class ResamplerPropertyTest {
    @Provide
    Arbitrary<Integer> rates() {
        return Arbitraries.oneOf(
                Arbitraries.of(ResamplerTest.rates()), Arbitraries.integers().between(1000, 100_000));
    }

    @Property(tries = 300)
    void anyCuttingAndAnyRestoreGiveTheWholeToTheBit(
            @ForAll("rates") int rate,
            @ForAll @IntRange(max = 4000) int length,
            @ForAll @IntRange(min = 1, max = 1000) int longest,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = (float) random.nextDouble(-1, 1);
        }
        Resampler resampler = new Resampler(rate);
        float[] output = {};
        for (int at = 0; at < length; ) {
            int end = Math.min(length, at + random.nextInt(longest + 1));
            output = Resampling.joined(output, resampler.push(Arrays.copyOfRange(samples, at, end)));
            assertThat(resampler.given()).isEqualTo(output.length);
            if (random.nextInt(4) == 0) {
                resampler = Resampler.restore(resampler.state());
            }
            at = end;
        }
        output = Resampling.joined(output, resampler.finish());
        assertThat(output).containsExactly(Resampling.whole(rate, samples));
    }
}
