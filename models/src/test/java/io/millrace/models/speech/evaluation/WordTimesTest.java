package io.millrace.models.speech.evaluation;

import java.util.ArrayList;
import java.util.List;

import io.millrace.models.speech.dataset.Utterance.Place;
import io.millrace.models.speech.evaluation.StreamedEvaluation.Heard;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WordTimesTest {

    private static final Offset<Double> EXACT = Offset.offset(1e-9);

    @Test
    void onlyWordsThatWereHeardAsSaidAreCompared() {
        Heard heard = new Heard(
                "a",
                List.of("one", "two", "three"),
                List.of("two", "four"),
                List.of(new Place(0, 1), new Place(1, 2), new Place(2, 3)),
                List.of(new Place(1.05, 1.8), new Place(2, 3)));
        WordTimes times = WordTimes.of(List.of(heard));
        assertThat(times.words()).isOne();
        assertThat(times.start().median()).isCloseTo(0.05, EXACT);
        assertThat(times.start().within()).isOne();
        assertThat(times.end().median()).isCloseTo(-0.2, EXACT);
        assertThat(times.end().ninetieth()).isCloseTo(0.2, EXACT);
        assertThat(times.end().within()).isZero();
        assertThat(times.bothWithin()).isZero();
    }

    @Test
    void nineInTenAreOffByTheNinetiethPercentileAtMost() {
        List<Heard> all = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            Place said = new Place(10, 11);
            Place at = new Place(10 + 0.02 * i, 11 - 0.01 * i);
            all.add(new Heard("a", List.of("one"), List.of("one"), List.of(said), List.of(at)));
        }
        WordTimes times = WordTimes.of(all);
        assertThat(times.start().median()).isCloseTo(0.1, EXACT);
        assertThat(times.start().ninetieth()).isCloseTo(0.18, EXACT);
        assertThat(times.start().within()).as("0.12 s among them").isCloseTo(0.6, EXACT);
        assertThat(times.end().median()).isCloseTo(-0.06, EXACT);
        assertThat(times.bothWithin()).isCloseTo(0.6, EXACT);
    }

    @Test
    void withoutTimesThereIsNothingToCompare() {
        Heard unknown = new Heard("a", List.of("one"), List.of("one"), List.of(), List.of(new Place(0, 1)));
        assertThatThrownBy(() -> WordTimes.of(List.of(unknown)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of no word");
    }
}
