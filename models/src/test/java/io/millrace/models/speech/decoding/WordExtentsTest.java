package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.millrace.models.speech.decoding.WordExtents.Extent;
import io.millrace.models.speech.decoding.WordExtents.Heard;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Levels are smoothed over three frames, so that a word among silence is a frame longer at either side. */
class WordExtentsTest {

    private static final byte QUIET = -100;
    private static final byte LOUD = 0;

    private final byte[] values = new byte[400];

    private static Heard at(long frame) {
        return new Heard(frame, frame);
    }

    private Extent[] extents(Heard... words) {
        return new WordExtents(new Levels(1000, values)).of(List.of(words));
    }

    @Test
    void aShortDipWithinAWordIsNoPause() {
        Arrays.fill(values, QUIET);
        Arrays.fill(values, 100, 150, LOUD);
        Arrays.fill(values, 118, 124, QUIET);
        assertThat(extents(at(1146))).containsExactly(new Extent(1099, 1151));
    }

    @Test
    void wordsWithoutAPauseShareABorderNearTheirTokens() {
        Arrays.fill(values, QUIET);
        Arrays.fill(values, 100, 190, LOUD);
        Extent[] extents = extents(at(1142), at(1186));
        assertThat(extents[0].start()).isEqualTo(1099);
        assertThat(extents[1].end()).isEqualTo(1191);
        assertThat(extents[0].end()).isEqualTo(extents[1].start()).isBetween(1141L, 1149L);
    }

    @Test
    void aNoiseFarBeforeAWordIsNotItsStart() {
        Arrays.fill(values, QUIET);
        Arrays.fill(values, 20, 60, LOUD);
        Arrays.fill(values, 200, 240, LOUD);
        assertThat(extents(at(1236))).containsExactly(new Extent(1199, 1241));
    }

    @Test
    void whereNothingStandsOutNothingIsSaid() {
        assertThat(extents(at(1146))).isNull();
        assertThat(new WordExtents(Levels.NONE).of(List.of(at(10)))).isNull();
        assertThat(extents()).isNull();
    }

    @Property(tries = 300)
    @Label("words follow each other without overlap, whatever the levels and the tokens")
    void wordsAreInOrder(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Random random = new Random(seed);
        random.nextBytes(values);
        List<Heard> words = new ArrayList<>();
        for (long frame = 950 + random.nextInt(100); frame < 1450; frame += 8L * random.nextInt(9)) {
            words.add(new Heard(frame, frame + 8L * random.nextInt(3)));
            frame = words.get(words.size() - 1).last();
            if (words.size() > 30) {
                break;
            }
        }
        Extent[] extents = extents(words.toArray(Heard[]::new));
        long before = Long.MIN_VALUE;
        for (Extent extent : extents) {
            assertThat(extent.start()).isGreaterThanOrEqualTo(before);
            assertThat(extent.end()).isGreaterThanOrEqualTo(extent.start());
            before = extent.end();
        }
    }
}
