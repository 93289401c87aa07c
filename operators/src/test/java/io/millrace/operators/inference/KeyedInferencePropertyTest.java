package io.millrace.operators.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;

import static org.assertj.core.api.Assertions.assertThat;

class KeyedInferencePropertyTest {

    @Property(tries = 60)
    @Label("any arrival order, batch size, slot count and checkpoint placement give what a sequential run gives")
    void streamedEqualsSequential(
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
            @ForAll @IntRange(min = 1, max = 9) int batch,
            @ForAll @IntRange(min = 1, max = 3) int depth,
            @ForAll @IntRange(min = 0, max = 30) int spareSlots,
            @ForAll @IntRange(min = 1, max = 40) int keys,
            @ForAll @IntRange(min = 0, max = 20) int waitMillis,
            @ForAll boolean writeAhead)
            throws Exception {
        InferenceSettings settings = InferenceHarness.settings()
                .optMaxBatch(batch)
                .optPipelineDepth(depth)
                .optSlots(batch * depth + spareSlots)
                .optCapacity(batch * 4)
                .optMaxWait(Duration.ofMillis(waitMillis))
                .optWriteAheadFrom(writeAhead ? Duration.ZERO : Duration.ofHours(1))
                .build();
        java.util.Random random = new java.util.Random(seed);
        Map<Integer, List<Double>> expected = new HashMap<>();
        Map<Integer, ToyModel.Reference> references = new HashMap<>();
        Map<Integer, List<Double>> streamed = new HashMap<>();
        int deadExpected = 0;
        int dead = 0;
        int sent = 0;
        int answered = 0;
        InferenceHarness harness = InferenceHarness.open(settings);
        try {
            for (int i = 0; i < 150; i++) {
                int key = random.nextInt(keys);
                if (random.nextInt(20) == 0) {
                    harness.send(key, ToyMapping.END);
                    references.remove(key);
                    expected.computeIfAbsent(key, k -> new ArrayList<>()).add(ToyMapping.NONE);
                    sent++;
                }
                long value = random.nextInt(25) == 0
                        ? (random.nextBoolean() ? ToyModel.POISON : ToyModel.NOT_A_NUMBER)
                        : random.nextInt(1000);
                double output = references
                        .computeIfAbsent(key, k -> new ToyModel.Reference())
                        .next(value, "1");
                if (Double.isNaN(output)) {
                    deadExpected++;
                } else {
                    expected.computeIfAbsent(key, k -> new ArrayList<>()).add(output);
                }
                harness.send(key, value);
                sent++;
                switch (random.nextInt(30)) {
                    case 0 -> harness.passTime(random.nextInt(30));
                    case 1 -> harness.runMails();
                    case 2, 3, 4 -> {
                        OperatorSubtaskState state = harness.checkpoint(i + 1);
                        if (random.nextInt(4) == 0) {
                            collect(harness, streamed);
                            dead += harness.deadLetters().size();
                            answered += harness.results().size()
                                    + harness.deadLetters().size();
                            harness.close();
                            harness = InferenceHarness.open(settings, ToyModel.reference("1"), 1, 0, state);
                        }
                    }
                    default -> {}
                }
            }
            harness.endOfInput();
            collect(harness, streamed);
            dead += harness.deadLetters().size();
            answered += harness.results().size() + harness.deadLetters().size();
        } finally {
            harness.close();
        }
        assertThat(answered).isEqualTo(sent);
        assertThat(dead).isEqualTo(deadExpected);
        assertThat(streamed).isEqualTo(expected);
    }

    private static void collect(InferenceHarness harness, Map<Integer, List<Double>> streamed) {
        for (Tuple4<Integer, Long, Double, String> result : harness.results()) {
            streamed.computeIfAbsent(result.f0, k -> new ArrayList<>()).add(result.f2);
        }
    }
}
