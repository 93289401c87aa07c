package io.millrace.models.speech.frontend;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LoudnessTest {

    @Test
    void energiesOfAFrameAddUpToHalfDecibels() {
        float ten = (float) Math.log(10);
        float five = (float) Math.log(5);
        float[] mel = {0, 0, five, five, 2 * ten, -50, -50, -50};
        assertThat(Loudness.of(mel, 2, 1, 3)).containsExactly(20, 40);
        assertThat(Loudness.of(mel, 2, 0, 1)).as("twice the energy").containsExactly(6);
        assertThat(Loudness.of(mel, 2, 3, 4)).as("below all levels").containsExactly(-128);
        assertThat(Loudness.of(mel, 2, 4, 4)).isEmpty();
    }
}
