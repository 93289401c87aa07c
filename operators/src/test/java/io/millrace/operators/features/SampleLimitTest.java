package io.millrace.operators.features;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.millrace.operators.GoldenSavepoint;
import io.millrace.operators.OperatorModes;
import io.millrace.schemas.FeatureSample;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SampleLimitTest {

    private static final Instant MINUTE = Instant.parse("2026-03-01T12:00:00Z");

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<String, FeatureSample, FeatureSample>
            implements OperatorModes.Subtask<FeatureSample> {

        Harness(int perMinute, int parallelism, int index, OperatorSubtaskState restored) throws Exception {
            this(null, perMinute, parallelism, index, restored);
        }

        Harness(StateBackend backend, int perMinute, int parallelism, int index, OperatorSubtaskState restored)
                throws Exception {
            super(
                    new KeyedProcessOperator<>(new SampleLimit(perMinute)),
                    FeatureSample::getKey,
                    Types.STRING,
                    OperatorModes.MAX_PARALLELISM,
                    parallelism,
                    index);
            if (backend != null) {
                setStateBackend(backend);
            }
            setup();
            if (restored != null) {
                initializeState(restored);
            }
            open();
        }

        List<String> send(FeatureSample... samples) throws Exception {
            for (FeatureSample sample : samples) {
                record(sample, sample.getEventTime().toEpochMilli());
            }
            return extractOutputValues().stream()
                    .map(FeatureSample::getSampleId)
                    .toList();
        }

        @Override
        public void record(FeatureSample sample, long timestamp) throws Exception {
            processElement(sample, timestamp);
        }

        @Override
        public void watermark(long timestamp) throws Exception {
            processWatermark(timestamp);
        }

        @Override
        public void endOfInput() {}

        @Override
        public OperatorSubtaskState checkpoint(long id) throws Exception {
            return snapshot(id, id);
        }

        @Override
        public List<OperatorModes.Answer> answers() {
            return extractOutputValues().stream()
                    .map(sample -> new OperatorModes.Answer(sample.getKey(), sample.getSampleId()))
                    .toList();
        }
    }

    private static FeatureSample sample(String key, double second, String id) {
        return FeatureSample.newBuilder()
                .setSampleId(id)
                .setStage("test")
                .setKey(key)
                .setEventTime(MINUTE.plusMillis(Math.round(second * 1000)))
                .setModel("toy")
                .setModelVersion("1")
                .setScore(0)
                .build();
    }

    @Test
    void aKeyGivesSoManyInAMinuteAndOthersAreNotHeldBack() throws Exception {
        try (Harness harness = new Harness(2, 1, 0, null)) {
            assertThat(harness.send(
                            sample("a", 0, "1"),
                            sample("a", 59.999, "2"),
                            sample("a", 30, "3"),
                            sample("b", 30, "4"),
                            sample("a", 60, "5"),
                            sample("a", 59, "6"),
                            sample("a", 61, "7"),
                            sample("a", 120, "8")))
                    .as("one that is dated back counts with the newest minute")
                    .containsExactly("1", "2", "4", "5", "6", "8");
        }
    }

    @Test
    void everyModeOfTheJobLetsThroughTheSame() throws Exception {
        OperatorModes<FeatureSample> modes =
                new OperatorModes<>((parallelism, index, restored) -> new Harness(5, parallelism, index, restored));
        for (int i = 0; i < 120; i++) {
            String key = "host-" + i % 4;
            modes.record(key, sample(key, i, "s" + i), i);
        }
        Map<String, List<String>> answers = modes.answers();
        assertThat(answers).hasSize(4);
        assertThat(answers.get("host-0"))
                .containsExactly("s0", "s4", "s8", "s12", "s16", "s60", "s64", "s68", "s72", "s76");
    }

    @Test
    void theCountIsGoneOnWithFromASavepoint() throws Exception {
        new GoldenSavepoint<Harness>(
                        "limit-samples",
                        (backend, state) -> new Harness(backend, 3, 1, 0, state),
                        harness -> harness.send(sample("a", 70, "1"), sample("a", 71, "2"), sample("b", 0, "3")))
                .check(
                        "going-on",
                        harness -> harness.send(
                                sample("a", 59, "4"),
                                sample("a", 72, "5"),
                                sample("b", 1, "6"),
                                sample("b", 2, "7"),
                                sample("b", 3, "8"),
                                sample("a", 120, "9")),
                        harness ->
                                harness.answers().stream().map(Object::toString).toList());
    }

    @Test
    void theCountOfASilentKeyIsDropped() throws Exception {
        try (Harness harness = new Harness(1, 1, 0, null)) {
            harness.setStateTtlProcessingTime(0);
            assertThat(harness.send(sample("a", 0, "1"), sample("a", 1, "2"))).containsExactly("1");
            harness.setStateTtlProcessingTime(Duration.ofHours(1).toMillis() + 1);
            assertThat(harness.send(sample("a", 2, "3"))).containsExactly("1", "3");
        }
    }

    @Test
    void aLimitOfNoneIsRefused() {
        assertThatThrownBy(() -> new SampleLimit(0)).hasMessage("samples-per-minute must be at least 1, got 0");
    }
}
