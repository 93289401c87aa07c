package io.millrace.schemas.audio;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class ResamplerTest {
    private static final int OUT = Resampler.OUTPUT_RATE;

    /** Usual rates, rates of telephones and recorders, and some that share next to nothing with the output's. */
    static List<Integer> rates() {
        return List.of(
                6000, 7919, 8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 44_101, 48_000, 64_000,
                88_200, 96_000, 192_000);
    }

    @ParameterizedTest
    @MethodSource("rates")
    void tonesInThePassBandKeepTheirLevelAndTheirTime(int rate) {
        double nyquist = Math.min(rate, OUT) / 2.0;
        for (double share : new double[] {0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9}) {
            float[] output = Resampling.whole(rate, Resampling.sine(rate, share * nyquist, 0.5, rate));
            float[] expected = Resampling.sine(OUT, share * nyquist, 0.5, OUT);
            int from = OUT / 4;
            int to = 3 * OUT / 4;
            double decibels = 20 * Math.log10(Resampling.rms(output, from, to) / Resampling.rms(expected, from, to));
            assertThat(decibels).as("%s of Nyquist", share).isCloseTo(0, within(0.1));
            for (int i = from; i < to; i++) {
                assertThat(output[i]).isCloseTo(expected[i], within(0.005f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rates")
    void tonesThatTheOutputCannotHoldAreGone(int rate) {
        for (double hertz = OUT / 2.0; hertz < rate / 2.0; hertz += rate / 37.0) {
            assertStopped(rate, hertz);
        }
        if (rate > OUT) {
            assertStopped(rate, rate / 2.0 - 20);
        }
    }

    private static void assertStopped(int rate, double hertz) {
        float[] output = Resampling.whole(rate, Resampling.sine(rate, hertz + 1, 0.5, rate));
        double decibels = 20 * Math.log10(Resampling.rms(output, OUT / 4, 3 * OUT / 4) / (0.5 / Math.sqrt(2)));
        assertThat(decibels).as("%s Hz", hertz).isLessThan(-70);
    }

    @Test
    void imagesOfSlowerInputAreGone() {
        for (int rate : new int[] {8000, 11_025}) {
            for (double share : new double[] {0.2, 0.5, 0.9}) {
                double hertz = Math.rint(share * rate / 2);
                float[] output = Resampling.whole(rate, Resampling.sine(rate, hertz, 0.5, rate));
                double image = Resampling.level(output, rate - hertz, OUT / 4, 3 * OUT / 4);
                assertThat(20 * Math.log10(image / 0.5)).isLessThan(-70);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rates")
    void theCountIsExact(int rate) {
        for (int count : new int[] {0, 1, 2, 7, 440, 441, 442, 1000, 44_100}) {
            long expected = ((long) count * OUT + rate - 1) / rate;
            assertThat(Resampling.whole(rate, new float[count])).hasSize((int) expected);
        }
    }

    @Test
    void equalRatesPassUntouched() {
        float[] samples = Resampling.sine(OUT, 1234, 1, 500);
        assertThat(Resampling.whole(OUT, samples)).containsExactly(samples);
    }

    @Test
    void theStateIsSmallAndSurvivesSerialisation() throws Exception {
        Resampler resampler = new Resampler(48_000);
        resampler.push(Resampling.sine(48_000, 300, 0.5, 100_000));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(resampler.state());
        assertThat(bytes.size()).isLessThan(3000);
        Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertThat(read).isEqualTo(resampler.state());
    }

    @Test
    void wrongUseIsRefused() {
        assertThatThrownBy(() -> new Resampler(999)).hasMessageContaining("999");
        assertThatThrownBy(() -> new Resampler(768_001)).hasMessageContaining("only from 1000 to 768000");
        assertThatThrownBy(() -> Resampler.restore(new ResamplerState(8000, 5, 0, new float[3])))
                .isInstanceOf(IllegalArgumentException.class);
        Resampler resampler = new Resampler(8000);
        resampler.finish();
        assertThatThrownBy(() -> resampler.push(new float[1])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(resampler::state).isInstanceOf(IllegalStateException.class);
    }
}
