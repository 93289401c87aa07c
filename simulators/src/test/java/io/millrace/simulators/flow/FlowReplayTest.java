package io.millrace.simulators.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.flow.FlowJson;
import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.pacing.ManualClock;
import io.millrace.simulators.pacing.StreamPacer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlowReplayTest {
    private final ManualClock clock = new ManualClock();

    @Test
    void keepsTheRecordedPace() {
        assertThat(arrivals(1)).containsExactly(0L, 250L, 250L, 1000L);
    }

    @Test
    void scalesThePace() {
        assertThat(arrivals(4)).containsExactly(0L, 62L, 62L, 250L);
    }

    @Test
    void catchesUpAfterADelay() {
        StreamPacer pacer = new StreamPacer(clock, 1);
        pacer.await(0);
        clock.advanceMillis(700);

        pacer.await(500);
        assertThat(clock.sleptMillis()).isZero();
        pacer.await(1000);
        assertThat(clock.millis()).isEqualTo(1000);
    }

    @Test
    void stopsWhenInterrupted() throws IOException {
        try (FlowReplay replay = FlowReplay.of(recorded())) {
            Thread.currentThread().interrupt();
            assertThat(replay.play(new StreamPacer(clock, 1), flow -> {})).isEqualTo(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void refusesASpeedThatIsNotPositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StreamPacer(clock, 0));
    }

    @Test
    void readsWhatTheGeneratorWrote(@TempDir Path folder) throws IOException {
        List<FlowRecord> flows = recorded();
        Path file = folder.resolve("flows.jsonl");
        Files.write(file, flows.stream().map(FlowJson::toLine).toList());

        try (FlowReplay replay = FlowReplay.ofJsonLines(file)) {
            assertThat(replay).toIterable().isEqualTo(flows);
        }
    }

    @Test
    void namesTheLineThatIsNoFlow(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("flows.jsonl");
        Files.writeString(file, FlowJson.toLine(recorded().get(0)) + "\n\nnonsense\n");

        try (FlowReplay replay = FlowReplay.ofJsonLines(file)) {
            replay.next();
            assertThatThrownBy(replay::hasNext)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("line 3");
        }
    }

    private List<Long> arrivals(double speed) {
        List<Long> times = new ArrayList<>();
        try (FlowReplay replay = FlowReplay.of(recorded())) {
            long count = replay.play(new StreamPacer(clock, speed), flow -> {
                assertThat(flow.getObservedTime()).isNotNull();
                times.add(clock.millis());
            });
            assertThat(count).isEqualTo(4);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return times;
    }

    /** Four flows; the third is late by 150 ms. */
    private static List<FlowRecord> recorded() {
        List<FlowRecord> flows =
                FlowGeneratorTest.flows(FlowGeneratorTest.scenario().limit(4).build());
        long[] offsets = {0, 250, 100, 1000};
        for (int i = 0; i < 4; i++) {
            flows.get(i).setEndTime(Instant.ofEpochMilli(1_700_000_000_000L + offsets[i]));
        }
        return flows;
    }
}
