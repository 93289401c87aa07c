package io.millrace.operators.inference;

import java.nio.charset.StandardCharsets;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A record on which any part of a mapping fails becomes a dead letter, and stops no other. */
class PoisonTest {

    @ParameterizedTest
    @ValueSource(longs = {ToyMapping.UNFIT, ToyMapping.NO_RESULT, ToyMapping.NO_KIND, ToyMapping.NO_END})
    void aRecordOnWhichTheMappingFailsIsADeadLetter(long poison) throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(1, 10);
            harness.send(1, poison);
            harness.send(2, 20);
            harness.send(1, 11);
            harness.untilAnswered(4);
            assertThat(harness.results()).extracting(r -> r.f1).containsExactlyInAnyOrder(10L, 20L, 11L);
            assertThat(harness.deadLetters())
                    .singleElement()
                    .extracting(DeadLetter::getReason)
                    .isEqualTo(DeadLetterReason.INVALID_RECORD);
        }
    }

    @Test
    void aRecordOfWhichNotEvenALetterCanBeMadeIsStillTold() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.open(InferenceHarness.settings().build())) {
            harness.send(7, ToyMapping.NO_LETTER);
            harness.send(7, 1);
            harness.untilAnswered(2);
            assertThat(harness.results()).hasSize(1);
            assertThat(harness.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.getMessage()).contains("value out of range", "no letter of this");
                assertThat(StandardCharsets.UTF_8.decode(letter.getKey()).toString())
                        .isEqualTo("7");
            });
        }
    }
}
