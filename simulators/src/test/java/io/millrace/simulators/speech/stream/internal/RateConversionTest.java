package io.millrace.simulators.speech.stream.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RateConversionTest {
    @ParameterizedTest
    @CsvSource({"8000,44100", "16000,8000", "22050,16000", "44100,8000", "11025,48000"})
    void aToneKeepsItsPitchItsLevelAndItsTime(int from, int to) {
        float[] converted = RateConversion.convert(tone(from, 1000, from), from, to);
        assertThat(converted).hasSize(to);
        float[] expected = tone(to, 1000, to);
        for (int i = to / 10; i < to * 9 / 10; i++) {
            assertThat(converted[i]).isCloseTo(expected[i], within(0.002f));
        }
    }

    @ParameterizedTest
    @CsvSource({"16000,8000,4600", "44100,16000,9000", "44100,8000,5000"})
    void whatTheNewRateCannotCarryIsGone(int from, int to, double hertz) {
        float[] converted = RateConversion.convert(tone(from, hertz, from), from, to);
        for (int i = to / 10; i < to * 9 / 10; i++) {
            assertThat(converted[i]).isCloseTo(0, within(0.01f));
        }
    }

    @Test
    void aConstantStaysTheSameConstant() {
        float[] ones = new float[4000];
        java.util.Arrays.fill(ones, 1);
        float[] converted = RateConversion.convert(ones, 8000, 44_100);
        for (int i = 500; i < converted.length - 500; i++) {
            assertThat(converted[i]).isCloseTo(1, within(1e-5f));
        }
    }

    private static float[] tone(int rate, double hertz, int count) {
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (float) Math.sin(2 * Math.PI * hertz * i / rate);
        }
        return samples;
    }
}
