package io.millrace.operators.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.millrace.schemas.CachePolicy;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StateTtlTest {

    private static final int TTL = 100;

    private static InferenceSettings.Builder settings() {
        return InferenceHarness.settings().optStateTtl(Duration.ofMillis(TTL));
    }

    private static double outputOf(String version, long... values) {
        ToyModel.Reference reference = new ToyModel.Reference();
        double output = 0;
        for (long value : values) {
            output = reference.next(value, version);
        }
        return output;
    }

    private static Tuple4<Integer, Long, Double, String> answer(InferenceHarness harness, int key, long value)
            throws Exception {
        harness.until(() -> harness.results().stream().anyMatch(r -> r.f0 == key && r.f1 == value));
        return harness.results().stream()
                .filter(r -> r.f0 == key && r.f1 == value)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aStateCountsAsGoneForARecordPastItsTimeThoughNoWatermarkHasSaidSo() throws Exception {
        try (InferenceHarness harness = InferenceHarness.open(settings().build())) {
            harness.send(1, 10, 1_000);
            harness.send(2, 20, 1_000);
            harness.send(1, 11, 1_000 + TTL);
            harness.send(2, 21, 1_001 + TTL);
            assertThat(answer(harness, 1, 11).f2).as("at its very end").isEqualTo(outputOf("1", 10, 11));
            assertThat(answer(harness, 2, 21).f2).as("past it").isEqualTo(outputOf("1", 21));
            harness.send(2, 22, 1_002 + TTL);
            assertThat(answer(harness, 2, 22).f2).as("and goes on").isEqualTo(outputOf("1", 21, 22));
        }
    }

    @Test
    void aStateThatHasLeftTheArenaCountsAsGoneTheSameWay() throws Exception {
        try (InferenceHarness harness = InferenceHarness.open(settings().build())) {
            harness.send(1, 10, 1_000);
            harness.send(2, 20, 1_000);
            for (int key = 100; key < 140; key++) {
                harness.send(key, key, 1_001);
            }
            harness.untilAnswered(42);
            harness.send(1, 11, 1_000 + TTL);
            harness.send(2, 21, 1_001 + TTL);
            assertThat(answer(harness, 1, 11).f2).isEqualTo(outputOf("1", 10, 11));
            assertThat(answer(harness, 2, 21).f2).isEqualTo(outputOf("1", 21));
        }
    }

    @Test
    void aRecordThatFailsAfterTheTimeIsUpLeavesNothingOfTheOldState() throws Exception {
        try (InferenceHarness harness = InferenceHarness.open(settings().build())) {
            harness.send(1, 10, 1_000);
            harness.untilAnswered(1);
            harness.checkpoint(1);
            harness.send(1, ToyModel.POISON, 1_001 + TTL);
            harness.untilAnswered(2);
            OperatorSubtaskState state = harness.checkpoint(2);
            try (InferenceHarness restored =
                    InferenceHarness.open(settings().build(), ToyModel.reference("1"), 1, 0, state)) {
                restored.send(1, 11, 1_002 + TTL);
                assertThat(answer(restored, 1, 11).f2).isEqualTo(outputOf("1", 11));
            }
        }
    }

    @Test
    void aKeyWhoseStateIsGoneStartsOnTheNewVersionUnderDrainThoughNoWatermarkHasSaidSo() throws Exception {
        try (InferenceHarness harness = InferenceHarness.open(settings().build())) {
            harness.send(1, 10, 1_000);
            harness.send(2, 20, 1_000);
            harness.untilAnswered(2);
            harness.watermark(1_050);
            drainTo("2", harness, 1_051);
            harness.send(1, 11, 1_000 + TTL);
            harness.send(2, 21, 1_001 + TTL);
            assertThat(answer(harness, 1, 11)).isEqualTo(Tuple4.of(1, 11L, outputOf("1", 10, 11), "1"));
            assertThat(answer(harness, 2, 21)).isEqualTo(Tuple4.of(2, 21L, outputOf("2", 21), "2"));
        }
    }

    @Test
    void aBusyKeyChangesOverAtTheDeadlineInEventTime() throws Exception {
        OperatorSubtaskState state;
        try (InferenceHarness harness = InferenceHarness.open(settings().build())) {
            harness.send(1, 10, 1_050);
            harness.untilAnswered(1);
            harness.watermark(1_050);
            drainTo("2", harness, 1_051);
            harness.send(1, 11, 1_050 + TTL);
            assertThat(answer(harness, 1, 11)).isEqualTo(Tuple4.of(1, 11L, outputOf("1", 10, 11), "1"));
            state = harness.checkpoint(1);
            harness.send(1, 12, 1_051 + TTL);
            assertThat(answer(harness, 1, 12)).isEqualTo(Tuple4.of(1, 12L, outputOf("2", 12), "2"));
        }
        try (InferenceHarness harness =
                InferenceHarness.open(settings().build(), ToyModel.reference("1"), 1, 0, state)) {
            harness.send(1, 12, 1_051 + TTL);
            harness.send(1, 13, 1_052 + TTL);
            assertThat(answer(harness, 1, 12)).isEqualTo(Tuple4.of(1, 12L, outputOf("2", 12), "2"));
            assertThat(answer(harness, 1, 13)).isEqualTo(Tuple4.of(1, 13L, outputOf("2", 12, 13), "2"));
        }
    }

    @Test
    void aDrainOrderedBeforeTheFirstWatermarkLeavesKnownKeysTheirTime() throws Exception {
        try (InferenceHarness harness = InferenceHarness.open(settings().build())) {
            harness.send(1, 10, 1_000);
            harness.untilAnswered(1);
            drainTo("2", harness, 1_000);
            harness.send(1, 11, 1_010);
            assertThat(answer(harness, 1, 11).f3).isEqualTo("1");
            harness.watermark(1_005);
            harness.send(1, 12, 1_020);
            assertThat(answer(harness, 1, 12).f3)
                    .as("the time counts from the first watermark")
                    .isEqualTo("1");
            harness.send(1, 13, 1_006 + TTL);
            assertThat(answer(harness, 1, 13)).isEqualTo(Tuple4.of(1, 13L, outputOf("2", 13), "2"));
        }
    }

    /**
     * Orders a version and waits until it serves new keys, met at event time {@code time}, and all of them are answered:
     * a watermark that comes then is held back by none of them.
     */
    private static void drainTo(String version, InferenceHarness harness, long time) throws Exception {
        harness.release("drain-to-" + version, version, CachePolicy.DRAIN);
        int[] sent = {harness.results().size()};
        harness.until(() -> {
            try {
                harness.send(1_000 + sent[0], 1, time);
                sent[0]++;
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
            return harness.results().stream().anyMatch(r -> r.f3.equals(version));
        });
        harness.untilAnswered(sent[0]);
    }

    @Property(tries = 25)
    @Label("however watermarks, restores, batches and slots fall, a state is gone when its time is up in event time")
    void expiryDependsOnEventTimesAlone(
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
            @ForAll @IntRange(min = 1, max = 6) int batch,
            @ForAll @IntRange(min = 0, max = 12) int spareSlots,
            @ForAll @IntRange(min = 1, max = 20) int keys)
            throws Exception {
        InferenceSettings settings = settings()
                .optMaxBatch(batch)
                .optSlots(batch * 2 + spareSlots)
                .optCapacity(batch * 4)
                .build();
        Random random = new Random(seed);
        Map<Integer, ToyModel.Reference> references = new HashMap<>();
        Map<Integer, Long> lastSeen = new HashMap<>();
        Map<Integer, List<Double>> expected = new HashMap<>();
        Map<Integer, List<Double>> streamed = new HashMap<>();
        int[] gaps = {0, 0, 0, 1, 2, 5, TTL / 2, TTL - 1, TTL, TTL + 1};
        long time = 1_000;
        long watermark = Long.MIN_VALUE;
        InferenceHarness harness = InferenceHarness.open(settings);
        try {
            for (int i = 0; i < 120; i++) {
                time += gaps[random.nextInt(gaps.length)];
                int key = random.nextInt(keys);
                long value = random.nextInt(20) == 0 ? ToyModel.POISON : random.nextInt(1000);
                if (random.nextInt(3) == 0) {
                    long passed = time - 1 - (random.nextBoolean() ? 0 : random.nextInt(2 * TTL));
                    if (passed > watermark) {
                        watermark = passed;
                        harness.watermark(watermark);
                    }
                }
                if (time > lastSeen.getOrDefault(key, Long.MAX_VALUE - TTL) + TTL) {
                    references.remove(key);
                    lastSeen.remove(key);
                }
                double output = references
                        .computeIfAbsent(key, k -> new ToyModel.Reference())
                        .next(value, "1");
                if (!Double.isNaN(output)) {
                    lastSeen.put(key, time);
                    expected.computeIfAbsent(key, k -> new ArrayList<>()).add(output);
                }
                harness.send(key, value, time);
                switch (random.nextInt(25)) {
                    case 0 -> harness.passTime(20);
                    case 1 -> harness.runMails();
                    case 2 -> {
                        OperatorSubtaskState state = harness.checkpoint(i + 1);
                        collect(harness, streamed);
                        harness.close();
                        harness = InferenceHarness.open(settings, ToyModel.reference("1"), 1, 0, state);
                    }
                    default -> {}
                }
            }
            harness.endOfInput();
            collect(harness, streamed);
        } finally {
            harness.close();
        }
        assertThat(streamed).isEqualTo(expected);
    }

    private static void collect(InferenceHarness harness, Map<Integer, List<Double>> streamed) {
        for (Tuple4<Integer, Long, Double, String> result : harness.results()) {
            streamed.computeIfAbsent(result.f0, k -> new ArrayList<>()).add(result.f2);
        }
    }
}
