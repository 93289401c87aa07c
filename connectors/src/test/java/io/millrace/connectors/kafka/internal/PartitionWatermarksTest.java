package io.millrace.connectors.kafka.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;

import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.RecordOrigin;
import io.millrace.schemas.FlowRecord;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.ManualClock;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PartitionWatermarksTest {

    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
    private static final Duration DISORDER = Duration.ofSeconds(10);
    private static final Duration IDLE_AFTER = Duration.ofSeconds(5);

    private final WallClock wall = new WallClock();
    private final ManualClock active = new ManualClock();
    private final KnownBacklog backlog = new KnownBacklog();
    private final Output output = new Output();
    private final PartitionWatermarks<FlowRecord> watermarks =
            new PartitionWatermarks<>(DISORDER, IDLE_AFTER, wall, active, backlog);

    private static final class WallClock extends Clock {
        private Instant now = NOW;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static final class KnownBacklog implements Backlog {
        private final Set<TopicPartition> heard = new HashSet<>();
        private boolean behind;
        private long lastGivenOut = -1;
        private boolean unheardBehind;

        @Override
        public void heard(TopicPartition partition) {
            heard.add(partition);
        }

        @Override
        public boolean isBehind(TopicPartition partition, long passedOn) {
            return behind || lastGivenOut > passedOn;
        }

        @Override
        public boolean isUnheardBehind() {
            return unheardBehind;
        }
    }

    private static final class Output implements WatermarkOutput {
        private Instant at;
        private boolean idle;

        @Override
        public void emitWatermark(Watermark watermark) {
            at = Instant.ofEpochMilli(watermark.getTimestamp() + 1);
            idle = false;
        }

        @Override
        public void markIdle() {
            idle = true;
        }

        @Override
        public void markActive() {
            idle = false;
        }
    }

    private Instant after(Instant recorded) {
        return emitted(recorded.toEpochMilli());
    }

    private Instant emitted(long timestamp) {
        watermarks.onEvent(
                Decoded.value(RecordDecoderTest.flow(), new RecordOrigin("flows", 3, 1, -1)), timestamp, output);
        return emitted();
    }

    private Instant emitted() {
        watermarks.onPeriodicEmit(output);
        return output.at;
    }

    private boolean idleAfter(Duration more) {
        active.advanceTime(more);
        watermarks.onPeriodicEmit(output);
        return output.idle;
    }

    @Test
    void timeIsThatOfTheLatestRecordLessTheDisorder() {
        assertThat(emitted()).isNull();
        assertThat(emitted(TimestampAssigner.NO_TIMESTAMP)).isNull();
        assertThat(after(NOW.minusSeconds(3600))).isEqualTo(NOW.minusSeconds(3610));
        assertThat(after(NOW.minusSeconds(3700))).isEqualTo(NOW.minusSeconds(3610));
        assertThat(emitted(TimestampAssigner.NO_TIMESTAMP)).isEqualTo(NOW.minusSeconds(3610));
    }

    @Test
    void timeNeverRunsAheadOfTheClock() {
        assertThat(after(NOW.plusSeconds(200))).isEqualTo(NOW.minusSeconds(10));
        wall.now = NOW.plusSeconds(150);
        assertThat(emitted()).isEqualTo(NOW.plusSeconds(140));
        wall.now = NOW.plusSeconds(1000);
        assertThat(emitted()).isEqualTo(NOW.plusSeconds(190));
        assertThat(emitted(Long.MAX_VALUE)).isEqualTo(NOW.plusSeconds(990));
    }

    @Test
    void aSilentPartitionWithNothingLeftIsIdleUntilItSpeaks() {
        after(NOW);
        assertThat(backlog.heard).containsExactly(new TopicPartition("flows", 3));
        assertThat(idleAfter(IDLE_AFTER)).isFalse();
        assertThat(idleAfter(Duration.ofMillis(1))).isTrue();
        backlog.behind = true;
        assertThat(idleAfter(Duration.ofSeconds(1)))
                .as("what has come for it is waited for")
                .isFalse();
        assertThat(idleAfter(PartitionWatermarks.LONGEST_HOLD)).isFalse();
        assertThat(idleAfter(Duration.ofMillis(1))).as("not for ever").isTrue();
        backlog.behind = false;
        after(NOW);
        assertThat(output.idle).isFalse();
        assertThat(idleAfter(IDLE_AFTER)).isFalse();
    }

    @Test
    void aSilentPartitionWithABacklogIsNotIdle() {
        after(NOW);
        backlog.behind = true;
        assertThat(idleAfter(Duration.ofMinutes(9))).isFalse();
        backlog.behind = false;
        assertThat(idleAfter(Duration.ofMillis(1))).isTrue();
    }

    @Test
    void whileItIsNotKnownWhichPartitionItIsAnyThatHasNotSpokenCounts() {
        backlog.unheardBehind = true;
        assertThat(idleAfter(Duration.ofMinutes(9))).isFalse();
        backlog.unheardBehind = false;
        assertThat(idleAfter(Duration.ofMillis(1))).isTrue();
    }

    @Test
    void aPartitionIsNotWaitedForForEver() {
        backlog.unheardBehind = true;
        assertThat(idleAfter(PartitionWatermarks.LONGEST_HOLD)).isFalse();
        assertThat(idleAfter(Duration.ofMillis(1))).isTrue();
    }

    @Test
    void aRecordThatWaitsToBePassedOnIsABacklog() {
        after(NOW);
        backlog.lastGivenOut = 2;
        assertThat(idleAfter(Duration.ofMinutes(1)))
                .as("1 was passed on, 2 was not")
                .isFalse();
        backlog.lastGivenOut = 1;
        assertThat(idleAfter(Duration.ofMillis(1))).isTrue();
    }

    @Test
    void onePartitionThatHasNeverSpokenIsActiveAgainWhenSomethingHasCome() {
        assertThat(idleAfter(IDLE_AFTER.plusMillis(1))).isTrue();
        backlog.unheardBehind = true;
        assertThat(idleAfter(Duration.ofMillis(200))).isFalse();
    }
}
