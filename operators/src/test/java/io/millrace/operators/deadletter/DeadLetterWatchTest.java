package io.millrace.operators.deadletter;

import java.util.ArrayList;
import java.util.List;

import io.millrace.operators.source.Origin;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeadLetterWatchTest {

    private static final List<String> LINES = new ArrayList<>();

    @BeforeEach
    void forget() {
        LINES.clear();
    }

    private static DeadLetter letter(DeadLetterReason reason, long offset) {
        return DeadLetters.at(
                new Origin("flows", 2, offset, -1),
                DeadLetters.of("intrusion", "assemble", "host", new byte[0], reason, "too\nlate"));
    }

    private static OneInputStreamOperatorTestHarness<DeadLetter, DeadLetter> started() throws Exception {
        OneInputStreamOperatorTestHarness<DeadLetter, DeadLetter> harness =
                new OneInputStreamOperatorTestHarness<>(new DeadLetterWatch("intrusion", LINES::add));
        harness.setProcessingTime(1_000);
        harness.open();
        return harness;
    }

    @Test
    void theFirstOfEachReasonIsToldAtOnceAndTheOthersOnceAMinute() throws Exception {
        try (OneInputStreamOperatorTestHarness<DeadLetter, DeadLetter> harness = started()) {
            for (int i = 0; i < 1_000; i++) {
                harness.processElement(letter(DeadLetterReason.LATE, i), 5);
            }
            harness.processElement(letter(DeadLetterReason.IMPLAUSIBLE_TIME, 7), 5);
            assertThat(harness.extractOutputValues()).hasSize(1_001);
            assertThat(LINES)
                    .containsExactly(
                            "intrusion: a record is given up, LATE (flows-2 at offset 0): too late; more of the kind"
                                    + " are told of once a minute",
                            "intrusion: a record is given up, IMPLAUSIBLE_TIME (flows-2 at offset 7): too late; more of"
                                    + " the kind are told of once a minute");
            LINES.clear();
            harness.setProcessingTime(60_999);
            assertThat(LINES).isEmpty();
            harness.setProcessingTime(61_000);
            assertThat(LINES)
                    .containsExactly(
                            "intrusion: 999 more records are given up, the latest LATE (flows-2 at offset 999): too"
                                    + " late");
            LINES.clear();
            harness.setProcessingTime(121_000);
            assertThat(LINES).isEmpty();
            harness.processElement(letter(DeadLetterReason.LATE, 1_001), 5);
            assertThat(LINES)
                    .as("a run of its own")
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("offset 1001");
        }
    }

    @Test
    void whatIsUntoldAtTheEndIsToldThen() throws Exception {
        try (OneInputStreamOperatorTestHarness<DeadLetter, DeadLetter> harness = started()) {
            harness.processElement(letter(DeadLetterReason.LATE, 1), 5);
            harness.processElement(letter(DeadLetterReason.LATE, 2), 5);
            harness.close();
            assertThat(LINES).hasSize(2).last().asString().contains("1 more record is given up");
        }
    }
}
