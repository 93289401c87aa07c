package io.millrace.connectors.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChannelMixerTest {

    private static AudioReader stereo(double other, ChannelChoice choice) throws IOException {
        float[] left = Sounds.sine(16_000, 440, 0.25, 16_000);
        byte[] data = new byte[4 * left.length];
        for (int i = 0; i < left.length; i++) {
            short one = (short) Math.round(left[i] * 32_768);
            short two = (short) Math.round(left[i] * other * 32_768);
            data[4 * i] = (byte) one;
            data[4 * i + 1] = (byte) (one >> 8);
            data[4 * i + 2] = (byte) two;
            data[4 * i + 3] = (byte) (two >> 8);
        }
        byte[] wav = new WavBytes(1, 16, 2).data(data).bytes();
        return AudioReader.open(new ByteArrayInputStream(wav), AudioOptions.STANDARD.with(choice));
    }

    @Test
    void oneChannelIsGivenAlone() throws IOException {
        try (AudioReader reader = stereo(0.5, ChannelChoice.one(1))) {
            assertThat(reader.channels()).isEqualTo(1);
            assertThat(reader.format().channels()).isEqualTo(2);
            float[][] samples = Sounds.rest(reader);
            assertThat(samples).hasNumberOfRows(1);
            assertThat(Sounds.rms(samples[0], 0, 16_000))
                    .isCloseTo(0.125 / Math.sqrt(2), org.assertj.core.api.Assertions.within(0.001));
        }
        assertThatThrownBy(() -> stereo(1, ChannelChoice.one(2))).hasMessage("there is no channel 2, only 0 to 1");
    }

    @Test
    void aMixIsTheMean() throws IOException {
        try (AudioReader reader = stereo(0.5, ChannelChoice.MIX)) {
            float[][] samples = Sounds.rest(reader);
            assertThat(samples).hasNumberOfRows(1);
            assertThat(Sounds.rms(samples[0], 0, 16_000))
                    .isCloseTo(0.1875 / Math.sqrt(2), org.assertj.core.api.Assertions.within(0.001));
            assertThat(reader.cancels()).isFalse();
        }
    }

    @Test
    void oppositePhasesAreNoticed() throws IOException {
        for (double other : new double[] {-1, -0.9}) {
            try (AudioReader reader = stereo(other, ChannelChoice.MIX)) {
                Sounds.rest(reader);
                assertThat(reader.cancels()).as("times %s", other).isTrue();
            }
        }
        for (double other : new double[] {1, 0, -0.5}) {
            try (AudioReader reader = stereo(other, ChannelChoice.MIX)) {
                Sounds.rest(reader);
                assertThat(reader.cancels()).as("times %s", other).isFalse();
            }
        }
        try (AudioReader reader = stereo(-1, ChannelChoice.EACH)) {
            Sounds.rest(reader);
            assertThat(reader.cancels()).isFalse();
        }
    }

    @Test
    void silenceCancelsNothing() throws IOException {
        byte[] wav = new WavBytes(1, 16, 2).data(new byte[64_000]).bytes();
        try (AudioReader reader =
                AudioReader.open(new ByteArrayInputStream(wav), AudioOptions.STANDARD.with(ChannelChoice.MIX))) {
            Sounds.rest(reader);
            assertThat(reader.cancels()).isFalse();
        }
    }

    @Test
    void aChoiceIsReadFromText() {
        assertThat(ChannelChoice.parse("mix")).isEqualTo(ChannelChoice.MIX);
        assertThat(ChannelChoice.parse("each")).isEqualTo(ChannelChoice.EACH);
        assertThat(ChannelChoice.parse("3")).isEqualTo(ChannelChoice.one(3));
        assertThatThrownBy(() -> ChannelChoice.parse("-1")).hasMessageContaining("not a channel: '-1'");
        assertThatThrownBy(() -> ChannelChoice.parse("left")).hasMessageContaining("not a channel: 'left'");
    }
}
