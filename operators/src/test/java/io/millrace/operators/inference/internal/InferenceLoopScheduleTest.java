package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.operators.inference.CacheTransition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Seeded schedules of everything that can happen to an inference loop: records, completions, preparations, checkpoints,
 * crashes, orders and passing faults, in any order. {@code -Dmillrace.schedule.seed=N} replays one,
 * {@code -Dmillrace.schedules=N} runs more of them.
 */
class InferenceLoopScheduleTest {

    private static final int SCHEDULES = Integer.getInteger("millrace.schedules", 4000);

    @Test
    void whateverHappensEveryRecordIsAnsweredOnceInOrderAndByTheRightState() throws Exception {
        Long only = Long.getLong("millrace.schedule.seed");
        long from = only == null ? 0 : only;
        long to = only == null ? SCHEDULES : only + 1;
        for (long seed = from; seed < to; seed++) {
            try {
                LoopWorld world = new LoopWorld(seed);
                world.run();
                check(world);
            } catch (Throwable failure) {
                throw new AssertionError(
                        "schedule " + seed + " (-Dmillrace.schedule.seed=" + seed + " replays it)", failure);
            }
        }
    }

    private static void check(LoopWorld world) {
        Map<Integer, List<LoopWorld.Out>> answers = new HashMap<>();
        world.committed.forEach(out ->
                answers.computeIfAbsent(out.key(), ignored -> new ArrayList<>()).add(out));
        Map<Integer, List<LoopWorld.In>> records = new HashMap<>();
        world.source()
                .forEach(in -> records.computeIfAbsent(in.key(), ignored -> new ArrayList<>())
                        .add(in));
        assertThat(answers.keySet()).isEqualTo(records.keySet());
        records.forEach((key, sent) -> {
            List<LoopWorld.Out> got = answers.get(key);
            assertThat(got)
                    .as("answers of key %d", key)
                    .extracting(LoopWorld.Out::number)
                    .containsExactlyElementsOf(
                            sent.stream().map(LoopWorld.In::number).toList());
            long state = 0;
            String version = "v0";
            for (int i = 0; i < sent.size(); i++) {
                LoopWorld.In in = sent.get(i);
                LoopWorld.Out out = got.get(i);
                if (in.value() == PlainModel.POISON) {
                    assertThat(out.output()).as("%s", in).isNull();
                    continue;
                }
                if (startsAgain(world, version, out.version())) {
                    state = 0;
                }
                version = out.version();
                if (LoopWorld.isEnd(in)) {
                    state = 0;
                    continue;
                }
                state = PlainModel.next(state, in.value(), version);
                assertThat(out.output()).as("%s by %s", in, version).isEqualTo(state);
            }
        });
    }

    /** Whether one of the models from one to the other took over with fresh states. */
    private static boolean startsAgain(LoopWorld world, String from, String to) {
        int first = Integer.parseInt(from.substring(1)) + 1;
        int last = Integer.parseInt(to.substring(1));
        assertThat(last).as("a version never goes back").isGreaterThanOrEqualTo(first - 1);
        for (int version = first; version <= last; version++) {
            if (world.served.contains("v" + version) && world.policies.get("v" + version) == CacheTransition.RESET) {
                return true;
            }
        }
        return false;
    }
}
