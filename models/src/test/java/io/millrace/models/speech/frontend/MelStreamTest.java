package io.millrace.models.speech.frontend;

import java.util.Arrays;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MelStreamTest {

    private static final int BANDS = 80;

    private final MelFrontEnd frontEnd = new MelFrontEnd(BANDS);

    @Property(tries = 60)
    @Label("however audio is cut, and wherever a stream is put away and taken up again, its features are the same")
    void piecesEqualTheWhole(
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
            @ForAll @IntRange(min = 0, max = 4000) int samples) {
        Random random = new Random(seed);
        float[] audio = new float[samples];
        for (int i = 0; i < samples; i++) {
            audio[i] = (float) (Math.sin(i * 0.2) * 0.4 + random.nextGaussian() * 0.1);
        }
        float[] whole = frontEnd.features(audio);
        assertThat(whole).hasSize(MelFrontEnd.frames(samples) * BANDS);
        MelStream stream = new MelStream(frontEnd);
        float[] streamed = new float[whole.length];
        int at = 0;
        int from = 0;
        while (from < samples) {
            int count = Math.min(samples - from, random.nextInt(random.nextBoolean() ? 5 : 900));
            float[] features = stream.accept(audio, from, count);
            System.arraycopy(features, 0, streamed, at, features.length);
            at += features.length;
            from += count;
            assertThat(stream.state().kept().length).isLessThanOrEqualTo(MelFrontEnd.WINDOW);
            if (random.nextInt(4) == 0) {
                stream = new MelStream(frontEnd, stream.state());
            }
        }
        float[] rest = stream.finish();
        System.arraycopy(rest, 0, streamed, at, rest.length);
        assertThat(at + rest.length).isEqualTo(whole.length);
        assertThat(streamed).isEqualTo(whole);
    }

    @Test
    void silenceIsTheLogarithmOfTheGuard() {
        float[] features = frontEnd.features(new float[1600]);
        for (float feature : features) {
            assertThat(feature).isCloseTo(-16.635f, org.assertj.core.data.Offset.offset(1e-3f));
        }
    }

    @Test
    void aToneIsLoudestInItsBand() {
        float[] audio = new float[16_000];
        for (int i = 0; i < audio.length; i++) {
            audio[i] = (float) Math.sin(2 * Math.PI * 1000 * i / 16_000);
        }
        float[] frame = Arrays.copyOfRange(frontEnd.features(audio), 50 * BANDS, 51 * BANDS);
        int loudest = 0;
        for (int band = 0; band < BANDS; band++) {
            loudest = frame[band] > frame[loudest] ? band : loudest;
        }
        float[] filter = MelFilterbank.slaney(BANDS, 16_000, 512).matrix()[loudest];
        assertThat(filter[32]).as("filter of the loudest band at 1 kHz").isPositive();
    }

    @Test
    void refusesAStateThatCannotBe() {
        assertThatThrownBy(() -> new MelStream(frontEnd, new MelStream.State(new float[7], 0, 1000)))
                .hasMessageContaining("after 1000 samples a stream keeps 240, got 7");
    }
}
