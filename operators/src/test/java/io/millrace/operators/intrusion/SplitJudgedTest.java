package io.millrace.operators.intrusion;

import io.millrace.operators.features.FeatureSamples;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SplitJudgedTest {

    @Test
    void everyDetectionGoesOnAndTheSamplesGoAside() throws Exception {
        Detection first = SampleDetections.scan("192.168.1.9", 1, "a");
        Detection second = SampleDetections.scan("192.168.1.9", 2, "b");
        FeatureSample sample = FeatureSample.newBuilder()
                .setSampleId("flow-b")
                .setStage("intrusion")
                .setKey("192.168.1.9")
                .setEventTime(second.getEventTime())
                .setModel("toy")
                .setModelVersion("1")
                .setScore(2)
                .setProbability(0.875)
                .build();
        try (OneInputStreamOperatorTestHarness<Judged, Detection> harness =
                ProcessFunctionTestHarnesses.forProcessFunction(new SplitJudged())) {
            harness.processElement(new Judged(first, null), 1);
            harness.processElement(new Judged(second, sample), 2);

            assertThat(harness.extractOutputValues()).containsExactly(first, second);
            assertThat(harness.getSideOutput(FeatureSamples.OUTPUT)).containsExactly(new StreamRecord<>(sample, 2));
        }
    }
}
