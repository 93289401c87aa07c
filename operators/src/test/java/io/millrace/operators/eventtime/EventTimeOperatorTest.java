package io.millrace.operators.eventtime;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventTimeOperatorTest {

    private static final long NOW = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
    private static final Duration DISORDER = Duration.ofSeconds(10);
    private static final OutputTag<String> SIDE = new OutputTag<>("side", Types.STRING);

    /** Says which watermark a record meets, and answers it at the end of time. */
    private static final class AtTheEnd extends KeyedProcessFunction<String, String, String> {
        @Override
        public void processElement(String record, Context context, Collector<String> out) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            context.output(SIDE, Long.toString(context.timerService().currentWatermark()));
        }

        @Override
        public void onTimer(long timestamp, OnTimerContext context, Collector<String> out) {
            out.collect("end of " + context.getCurrentKey());
            context.output(SIDE, "end");
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, String, String> open(
            long now, OperatorSubtaskState state) throws Exception {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(now), ZoneOffset.UTC);
        KeyedOneInputStreamOperatorTestHarness<String, String, String> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new EventTimeOperator<>(new AtTheEnd(), DISORDER, clock), record -> record, Types.STRING);
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static List<Long> times(KeyedOneInputStreamOperatorTestHarness<String, String, String> harness) {
        return harness.extractOutputStreamRecords().stream()
                .map(StreamRecord::getTimestamp)
                .toList();
    }

    private static OperatorSubtaskState checkpointAt(long watermark) throws Exception {
        // The clock of this one allows any time.
        try (KeyedOneInputStreamOperatorTestHarness<String, String, String> harness = open(Long.MAX_VALUE / 2, null)) {
            harness.processElement("a", NOW - 60_000);
            harness.processWatermark(watermark);
            return harness.snapshot(1, 1);
        }
    }

    private static long watermarkMetAfterARestoreAt(long watermark) throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, String, String> harness =
                open(NOW, checkpointAt(watermark))) {
            harness.processElement("b", NOW);
            return Long.parseLong(harness.getSideOutput(SIDE).peek().getValue());
        }
    }

    @Test
    void timeGoesOnWhereItStoodUnlessItWasAheadOfTheClock() throws Exception {
        long latest = NOW - DISORDER.toMillis() - 1;
        assertThat(watermarkMetAfterARestoreAt(NOW - 60_000)).isEqualTo(NOW - 60_000);
        assertThat(watermarkMetAfterARestoreAt(latest)).isEqualTo(latest);
        assertThat(watermarkMetAfterARestoreAt(latest + 1)).isEqualTo(latest);
        assertThat(watermarkMetAfterARestoreAt(NOW + Duration.ofDays(9000).toMillis()))
                .isEqualTo(latest);
    }

    @Test
    void aWatermarkAheadOfTheClockIsTakenForTheClocks() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, String, String> harness = open(NOW, null)) {
            harness.processWatermark(NOW - 5);
            harness.processWatermark(NOW + 5_000);
            harness.processWatermark(Long.MAX_VALUE - 1);
            assertThat(harness.getOutput()).containsExactly(new Watermark(NOW - 5), new Watermark(NOW));
        }
    }

    @Test
    void whatIsGivenAtTheEndOfInputBearsTheLastRealTimeOnEveryOutput() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, String, String> harness = open(NOW, null)) {
            harness.processElement("a", NOW - 300);
            harness.processElement("b", NOW - 500);
            harness.endInput();
            assertThat(times(harness)).containsExactly(NOW - 300, NOW - 300);
            assertThat(harness.getSideOutput(SIDE))
                    .filteredOn(record -> record.getValue().equals("end"))
                    .extracting(StreamRecord::getTimestamp)
                    .containsExactly(NOW - 300, NOW - 300);
            assertThat(harness.getOutput()).last().isEqualTo(Watermark.MAX_WATERMARK);
        }
    }

    @Test
    void aRecordWhoseTimeWasAheadGivesNoTimeToComeAtTheEnd() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, String, String> harness = open(NOW, null)) {
            harness.processElement("a", NOW + 200_000);
            harness.endInput();
            assertThat(times(harness)).containsExactly(NOW);
        }
    }

    @Test
    void whereNoTimeIsKnownNoneIsGiven() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, String, String> harness = open(NOW, null)) {
            harness.processElement(new StreamRecord<>("a"));
            harness.endInput();
            assertThat(harness.extractOutputStreamRecords()).hasSize(1).noneMatch(StreamRecord::hasTimestamp);
        }
    }
}
