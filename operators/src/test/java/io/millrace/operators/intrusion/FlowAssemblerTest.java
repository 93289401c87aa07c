package io.millrace.operators.intrusion;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.millrace.models.intrusion.KeyHistory;
import io.millrace.operators.OperatorModes;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.Test;

import static io.millrace.operators.intrusion.AssemblerHarness.DISORDER;
import static io.millrace.operators.intrusion.AssemblerHarness.TTL;
import static io.millrace.operators.intrusion.SampleFlows.builder;
import static io.millrace.operators.intrusion.SampleFlows.flow;
import static io.millrace.operators.intrusion.SampleFlows.millis;
import static org.assertj.core.api.Assertions.assertThat;

class FlowAssemblerTest {

    private static final String HOST = "192.168.1.9";

    @Test
    void flowsLeaveInTheOrderOfTheirEndOnceTheWatermarkHasPassedThem() throws Exception {
        try (AssemblerHarness harness = AssemblerHarness.started()) {
            harness.send(flow(HOST, 30, "c"), flow(HOST, 10, "a"), flow(HOST, 20, "b"), flow(HOST, 40, "d"));
            assertThat(harness.assembled()).isEmpty();
            harness.passed(29.999);
            assertThat(harness.ids()).containsExactly("a", "b");
            harness.passed(40);
            assertThat(harness.ids()).containsExactly("a", "b", "c", "d");
            assertThat(harness.assembled()).extracting(f -> f.sequence).containsExactly(0L, 1L, 2L, 3L);
            assertThat(harness.late()).isEmpty();
        }
    }

    @Test
    void flowsThatEndTogetherAreOrderedByTheirStartAndThenById() throws Exception {
        List<FlowRecord> flows = new ArrayList<>(List.of(
                builder(HOST, 10, "z").setStartTime(SampleFlows.at(1)).build(),
                builder(HOST, 10, "b").setStartTime(SampleFlows.at(5)).build(),
                builder(HOST, 10, "c").setStartTime(SampleFlows.at(5)).build(),
                builder(HOST, 10, "a").setStartTime(SampleFlows.at(9)).build()));
        for (int shuffle = 0; shuffle < 5; shuffle++) {
            Collections.shuffle(flows, new Random(shuffle));
            try (AssemblerHarness harness = AssemblerHarness.started()) {
                harness.send(flows.toArray(FlowRecord[]::new)).passed(10);
                assertThat(harness.ids()).containsExactly("z", "b", "c", "a");
            }
        }
    }

    @Test
    void aFlowBehindTheWatermarkIsADeadLetterThatSaysSo() throws Exception {
        try (AssemblerHarness harness = AssemblerHarness.started()) {
            harness.passed(10).send(flow(HOST, 10, "late"), flow(HOST, 10.001, "in time"));
            harness.passed(20);
            assertThat(harness.ids()).containsExactly("in time");
            DeadLetter letter = harness.late().get(0);
            assertThat(harness.late()).hasSize(1);
            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.LATE);
            assertThat(letter.getStage()).isEqualTo("intrusion");
            assertThat(letter.getStep()).isEqualTo("assemble");
            assertThat(letter.getMessage())
                    .isEqualTo("the flow ended at 2026-03-01T10:00:10Z, the stream had passed 2026-03-01T10:00:10Z");
            assertThat(StandardCharsets.UTF_8.decode(letter.getKey()).toString())
                    .isEqualTo(HOST);
            assertThat(StandardCharsets.UTF_8.decode(letter.getValue()).toString())
                    .contains("\"flow_id\":\"late\"");
            assertThat(letter.getTopic()).isEqualTo("flows");
            assertThat(letter.getPartition()).isEqualTo(3);
            assertThat(letter.getOffset()).isEqualTo("late".hashCode());
            assertThat(letter.getRecordTime()).isEqualTo(Instant.ofEpochMilli(1_000));
        }
    }

    @Test
    void withoutDisorderFlowsAreTakenAsTheyComeAndNoneIsLate() throws Exception {
        try (AssemblerHarness harness = AssemblerHarness.open(Duration.ZERO, TTL)) {
            harness.passed(100).send(flow(HOST, 30, "c"), flow(HOST, 10, "a"), flow(HOST, 200, "d"));
            assertThat(harness.ids()).containsExactly("c", "a", "d");
            assertThat(harness.late()).isEmpty();
        }
    }

    @Test
    void featuresAreThoseOfAHistoryKeptInSequence() throws Exception {
        Random random = new Random(7);
        List<FlowRecord> flows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            flows.add(builder("host-" + random.nextInt(3), i, "flow-" + i)
                    .setDestinationAddress("10.0.0." + random.nextInt(5))
                    .setDestinationPort(random.nextInt(4) == 0 ? 22 : 443)
                    .setBytesOut(random.nextInt(3) == 0 ? null : (long) random.nextInt(5_000))
                    .setPacketsIn((long) random.nextInt(3))
                    .build());
        }
        Map<String, KeyHistory> histories = new java.util.HashMap<>();
        Map<String, double[]> expected = new java.util.HashMap<>();
        flows.forEach(flow -> expected.put(
                flow.getFlowId(),
                histories
                        .computeIfAbsent(flow.getSourceAddress(), host -> new KeyHistory())
                        .observe(FlowRows.context(flow))));
        try (AssemblerHarness harness = AssemblerHarness.started()) {
            for (int from = 0; from < flows.size(); from += 30) {
                List<FlowRecord> part = new ArrayList<>(flows.subList(from, from + 30));
                Collections.shuffle(part, random);
                harness.send(part.toArray(FlowRecord[]::new)).passed(from + 29);
            }
            assertThat(harness.assembled()).hasSize(300);
            for (AssembledFlow flow : harness.assembled()) {
                assertThat(flow.history).as(flow.flow.getFlowId()).isEqualTo(expected.get(flow.flow.getFlowId()));
            }
        }
    }

    @Test
    void aFlowKnowsTheLatestFlowsOfItsHostNewestFirst() throws Exception {
        try (AssemblerHarness harness = AssemblerHarness.started()) {
            for (int i = 0; i < 6; i++) {
                harness.send(
                        builder(HOST, i, "f" + i).setDestinationPort(1_000 + i).build());
                harness.send(flow("10.9.9.9", i, "other" + i));
            }
            harness.passed(100);
            List<AssembledFlow> own = harness.assembled().stream()
                    .filter(f -> f.flow.getSourceAddress().equals(HOST))
                    .toList();
            assertThat(own.get(0).earlierIds).isEmpty();
            assertThat(own.get(2).earlierIds).containsExactly("f1", "f0");
            assertThat(own.get(5).earlierIds).containsExactly("f4", "f3", "f2");
            assertThat(own.get(5).earlierSummaries)
                    .containsExactly(
                            "192.168.1.9 -> 10.0.0.1:1004 tcp 500 B out 1500 B in",
                            "192.168.1.9 -> 10.0.0.1:1003 tcp 500 B out 1500 B in",
                            "192.168.1.9 -> 10.0.0.1:1002 tcp 500 B out 1500 B in");
        }
    }

    @Test
    void aHostIsForgottenByTheTimesOfItsFlowsHoweverWatermarksAreCut() throws Exception {
        double ttl = TTL.toSeconds();
        for (boolean fine : new boolean[] {true, false}) {
            try (AssemblerHarness harness = AssemblerHarness.started()) {
                harness.send(flow(HOST, 0, "a"));
                if (fine) {
                    harness.passed(ttl - 0.001);
                }
                harness.send(flow(HOST, ttl, "b"), flow(HOST, 2 * ttl + 0.001, "c"));
                if (fine) {
                    harness.passed(2 * ttl);
                }
                harness.send(flow(HOST, 2 * ttl + 1, "d")).passed(2 * ttl + 1);
                assertThat(harness.assembled())
                        .as(fine ? "fine watermarks" : "one watermark")
                        .extracting(f -> f.flow.getFlowId() + f.sequence + List.of(f.earlierIds))
                        .containsExactly("a0[]", "b1[a]", "c0[]", "d1[c]");
                harness.passed(3 * ttl + 0.999);
                assertThat(harness.numKeyedStateEntries()).isPositive();
                harness.passed(3 * ttl + 1);
                assertThat(harness.numKeyedStateEntries()).isZero();
                assertThat(harness.numEventTimeTimers()).isZero();
            }
        }
    }

    @Test
    void withoutDisorderAHostIsForgottenByTheTimesOfItsFlowsAsWell() throws Exception {
        try (AssemblerHarness harness = AssemblerHarness.open(Duration.ZERO, TTL)) {
            double ttl = TTL.toSeconds();
            harness.send(flow(HOST, 0, "a"), flow(HOST, ttl, "b"), flow(HOST, 2 * ttl + 0.001, "c"));
            assertThat(harness.assembled())
                    .extracting(f -> f.flow.getFlowId() + f.sequence + List.of(f.earlierIds))
                    .containsExactly("a0[]", "b1[a]", "c0[]");
        }
    }

    @Test
    void aTtlOfZeroKeepsAHostForEver() throws Exception {
        try (AssemblerHarness harness = AssemblerHarness.open(DISORDER, Duration.ZERO)) {
            harness.send(flow(HOST, 0, "a")).passed(1_000_000);
            harness.send(flow(HOST, 2_000_000, "b")).passed(2_000_000);
            assertThat(harness.assembled().get(1).earlierIds).containsExactly("a");
            assertThat(harness.assembled().get(1).sequence).isEqualTo(1);
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void aTtlThatIsSetOrLiftedLaterHoldsForTheHostsAlreadyKnown() throws Exception {
        OperatorSubtaskState kept;
        try (AssemblerHarness harness = AssemblerHarness.open(DISORDER, Duration.ZERO)) {
            kept = harness.send(flow(HOST, 0, "a")).passed(0).checkpoint(1);
        }
        OperatorSubtaskState limited;
        try (AssemblerHarness harness = AssemblerHarness.open(DISORDER, TTL, 1, 0, kept)) {
            harness.send(flow(HOST, 10, "b")).passed(10);
            limited = harness.checkpoint(2);
            harness.passed(10 + TTL.toSeconds());
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
        try (AssemblerHarness harness = AssemblerHarness.open(DISORDER, Duration.ZERO, 1, 0, limited)) {
            harness.passed(10 * TTL.toSeconds());
            assertThat(harness.numKeyedStateEntries()).isPositive();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void everyFlowThatWaitsIsAnsweredAtTheEndOfAnInputThatWasIdle() throws Exception {
        try (AssemblerHarness harness = AssemblerHarness.started()) {
            harness.send(flow(HOST, 20, "b"), flow(HOST, 10, "a"));
            harness.processWatermarkStatus(WatermarkStatus.IDLE);
            harness.endOfInput();
            assertThat(harness.ids()).containsExactly("a", "b");
            List<Object> output = new ArrayList<>(harness.getOutput());
            assertThat(output.get(0)).isEqualTo(WatermarkStatus.IDLE);
            assertThat(output.get(1))
                    .as("else the end would be dropped on the way")
                    .isEqualTo(WatermarkStatus.ACTIVE);
            assertThat(output.get(output.size() - 1)).isEqualTo(Watermark.MAX_WATERMARK);
        }
    }

    @Test
    void aFlowWithoutPortsCountersOrAPlausibleStartIsAssembledAllTheSame() throws Exception {
        FlowRecord bare = builder(HOST, 10, "bare")
                .setStartTime(SampleFlows.at(50))
                .setSourcePort(null)
                .setDestinationPort(null)
                .setProtocol(1)
                .setBytesOut(null)
                .setBytesIn(null)
                .setPacketsOut(null)
                .setPacketsIn(null)
                .setTcpFlagsOut(null)
                .setTcpFlagsIn(null)
                .build();
        try (AssemblerHarness harness = AssemblerHarness.started()) {
            harness.send(bare, flow(HOST, 11, "next")).passed(11);
            assertThat(harness.ids()).containsExactly("bare", "next");
            assertThat(harness.assembled().get(1).earlierSummaries).containsExactly("192.168.1.9 -> 10.0.0.1 icmp");
            assertThat(harness.assembled().get(0).history[KeyHistory.FEATURES.indexOf("history.flows")])
                    .isZero();
        }
    }

    @Test
    void theSameFlowsLeaveInEveryModeOfOperation() throws Exception {
        OperatorModes<FlowRecord> modes = new OperatorModes<>(
                (parallelism, index, state) -> AssemblerHarness.open(DISORDER, TTL, parallelism, index, state));
        Random random = new Random(11);
        int sent = 0;
        double watermark = 0;
        for (int i = 0; i < 70; i++) {
            double second = i * 20 + (i > 35 ? 700 : 0);
            for (int copy = 0; copy < 1 + random.nextInt(2); copy++) {
                // Some are older than the disorder allows.
                double ended = second - random.nextInt(8) * 10;
                String host = "192.168.1." + random.nextInt(5);
                modes.record(host, flow(host, ended, "flow-" + sent++), millis(ended));
            }
            if (random.nextInt(3) > 0) {
                watermark = Math.max(watermark, second - 60);
                modes.watermark(millis(watermark));
            }
        }
        Map<String, List<String>> answers = modes.answers();
        assertThat(answers.values().stream().mapToInt(List::size).sum())
                .as("each flow is answered or late")
                .isEqualTo(sent);
        assertThat(answers.get("late")).isNotEmpty();
        assertThat(answers).hasSize(6);
    }

    @Test
    void manyFlowsOfOneMillisecondKeepTheirOrderInEveryModeOfOperation() throws Exception {
        OperatorModes<FlowRecord> modes = new OperatorModes<>(
                (parallelism, index, state) -> AssemblerHarness.open(DISORDER, TTL, parallelism, index, state));
        Random random = new Random(5);
        for (int i = 0; i < 60; i++) {
            String host = "192.168.1." + random.nextInt(2);
            // Some come twice.
            FlowRecord flow = flow(host, 10 + i / 30, "flow-" + random.nextInt(40));
            modes.record(host, flow, flow.getEndTime().toEpochMilli());
        }
        modes.watermark(millis(10)).watermark(millis(11));
        Map<String, List<String>> answers = modes.answers();
        assertThat(answers.values().stream().mapToInt(List::size).sum()).isEqualTo(60);
        for (List<String> ofHost : answers.values()) {
            assertThat(ofHost.stream().filter(text -> text.contains("flow-")).toList())
                    .hasSizeGreaterThan(20);
        }
    }

    @Test
    void aStateThatAFlowOfATimeToComeHasSpoiltHealsWithItsRestore() throws Exception {
        Instant now = SampleFlows.at(1_000);
        OperatorSubtaskState spoilt;
        // As it was when such a flow was believed: the clock of this one is ahead with it.
        try (AssemblerHarness harness = AssemblerHarness.at(now.plus(Duration.ofDays(365)), null)) {
            harness.send(flow(HOST, 900, "a")).passed(900);
            harness.send(flow("10.9.9.9", 990, "waits"), flow(HOST, 20_000_000, "future"));
            harness.passed(20_000_000);
            assertThat(harness.ids()).containsExactly("a", "waits", "future");
            harness.send(flow(HOST, 995, "late"));
            assertThat(harness.late()).hasSize(1);
            spoilt = harness.checkpoint(1);
        }
        try (AssemblerHarness harness = AssemblerHarness.at(now, spoilt)) {
            harness.send(flow(HOST, 1_000, "b"), flow("10.9.9.9", 950, "c")).passed(1_000);
            assertThat(harness.ids()).containsExactlyInAnyOrder("c", "b");
            assertThat(harness.late()).isEmpty();
            harness.send(flow(HOST, 900, "late again"));
            assertThat(harness.late()).hasSize(1);
            harness.passed(1_000 + TTL.toSeconds());
        }
    }

    @Test
    void aWatermarkAheadOfTheClockMakesNothingLate() throws Exception {
        try (AssemblerHarness harness = AssemblerHarness.at(SampleFlows.at(100), null)) {
            harness.passed(50_000);
            harness.send(flow(HOST, 100.001, "a"), flow(HOST, 100, "late"));
            assertThat(harness.late()).hasSize(1);
            harness.endOfInput();
            assertThat(harness.ids()).containsExactly("a");
        }
    }

    @Test
    void aFlowThatCannotBeAssembledIsADeadLetterAndTheOthersAreAsIfItHadNotBeen() throws Exception {
        FlowRecord poison = flow(HOST, 10, "poison");
        poison.setDestinationAddress(null);
        List<double[]> expected;
        try (AssemblerHarness harness = AssemblerHarness.started()) {
            harness.send(flow(HOST, 9, "a"), flow(HOST, 10, "b"), flow(HOST, 10, "q"), flow(HOST, 11, "z"));
            expected =
                    harness.passed(11).assembled().stream().map(f -> f.history).toList();
        }
        try (AssemblerHarness harness = AssemblerHarness.started()) {
            harness.send(flow(HOST, 9, "a"), flow(HOST, 10, "q"), poison, flow(HOST, 10, "b"), flow(HOST, 11, "z"));
            harness.passed(11);
            assertThat(harness.ids()).containsExactly("a", "b", "q", "z");
            assertThat(harness.assembled()).extracting(f -> f.sequence).containsExactly(0L, 1L, 2L, 3L);
            for (int i = 0; i < 4; i++) {
                assertThat(harness.assembled().get(i).history).isEqualTo(expected.get(i));
            }
            DeadLetter letter = harness.late().get(0);
            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.INVALID_RECORD);
            assertThat(letter.getMessage()).startsWith("the flow cannot be assembled: ");
            assertThat(letter.getOffset()).isEqualTo("poison".hashCode());
        }
    }

    @Test
    void flowsThatWaitInTheFirstFormatOfTheStateAreTaken() throws Exception {
        OperatorSubtaskState first;
        try (AssemblerHarness harness = AssemblerHarness.firstFormat()) {
            harness.send(flow(HOST, 10, "b"), flow(HOST, 10, "a"), flow(HOST, 12, "d"));
            first = harness.checkpoint(1);
        }
        OperatorSubtaskState second;
        try (AssemblerHarness harness = AssemblerHarness.open(DISORDER, TTL, 1, 0, first)) {
            harness.send(flow(HOST, 10, "c"), flow(HOST, 11, "c2")).passed(10);
            assertThat(harness.ids()).containsExactly("a", "b", "c");
            second = harness.checkpoint(2);
        }
        try (AssemblerHarness harness = AssemblerHarness.open(DISORDER, TTL, 1, 0, second)) {
            harness.passed(20);
            assertThat(harness.ids()).containsExactly("c2", "d");
        }
    }
}
