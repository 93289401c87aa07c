package io.millrace.operators.inference;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.millrace.operators.GoldenSavepoint;
import io.millrace.schemas.CachePolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** States whole and changed, of a generation that drains and of the one that serves; records that wait; an order under way. */
class GoldenInferenceTest {

    private static final InferenceSettings SETTINGS =
            InferenceHarness.settings().optStateTtl(Duration.ofSeconds(10)).build();

    private final GoldenSavepoint<InferenceHarness> golden = new GoldenSavepoint<>(
            "inference",
            (backend, state) -> InferenceHarness.on(backend, SETTINGS, state),
            GoldenInferenceTest::before);

    /** Results in no order, and how many keys are still to be forgotten by a timer. */
    private static List<String> told(InferenceHarness harness) {
        return Stream.concat(
                        harness.results().stream().map(Object::toString),
                        Stream.of("timers " + harness.numEventTimeTimers()))
                .sorted()
                .toList();
    }

    private static void before(InferenceHarness harness) throws Exception {
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < 12; key++) {
                harness.send(key, 10L * round + key, 1_000 + round);
            }
            harness.untilAnswered(12 * (round + 1));
            harness.checkpoint(round + 1);
        }
        harness.watermark(1_000);
        harness.release("drain", "2", CachePolicy.DRAIN);
        harness.checkpoint(4);
        harness.notifyOfCompletedCheckpoint(4);
        harness.until(() -> harness.isUnderWay() && !harness.isLoading());
        harness.checkpoint(5);
        for (int key = 100; key < 104; key++) {
            harness.send(key, key, 1_500);
        }
        harness.untilAnswered(40);
        harness.release("next", "3", CachePolicy.RESET);
        harness.send(1, 77, 1_600);
        harness.send(1, 78, 1_600);
        harness.send(100, 79, 1_600);
    }

    private static void after(InferenceHarness harness) throws Exception {
        for (int key = 0; key < 12; key++) {
            harness.send(key, 500 + key, 2_000);
        }
        harness.send(101, 600, 2_000);
        harness.send(200, 700, 2_000);
        harness.endOfInput();
        assertThat(harness.isUnderWay()).as("the order is under way").isTrue();
    }

    @Test
    void goesOnFromTheSavepointThatLiesHere() throws Exception {
        golden.check("going-on", GoldenInferenceTest::after, GoldenInferenceTest::told);
    }

    @Test
    void keysThatAreNotMetAgainAreForgotten() throws Exception {
        golden.check(
                "forgotten",
                harness -> {
                    harness.endOfInput();
                    harness.watermark(11_550);
                },
                GoldenInferenceTest::told);
    }

    @Test
    void theSavepointHoldsBothGenerations() throws Exception {
        try (InferenceHarness harness =
                InferenceHarness.on(new org.apache.flink.runtime.state.hashmap.HashMapStateBackend(), SETTINGS, null)) {
            before(harness);
            after(harness);
            assertThat(harness.results()).extracting(r -> r.f3).contains("1", "2");
        }
    }
}
