package io.millrace.jobs.stage;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.jobs.intrusion.IntrusionStage;
import io.millrace.jobs.speech.SpeechStage;
import io.millrace.models.speech.SpeechModel;
import io.millrace.operators.inference.FolderModelLoader;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The identifiers under which the operators of each stage keep their state. A savepoint of an earlier version finds its
 * state by them: one that is missing here makes every savepoint useless, a new one may be added.
 */
class StateIdentifiersTest {

    private static <C extends StageConfiguration> List<String> of(Stage<C> stage) {
        JobConfiguration configuration = new JobConfiguration(
                null,
                new JobConfiguration.Kafka("localhost:1", Map.of()),
                new JobConfiguration.Registry("http://localhost:1", Map.of()),
                null,
                null,
                Map.of());
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2);
        new StageJob<>(stage, configuration).build(environment);
        return environment.getStreamGraph().getStreamNodes().stream()
                .map(StreamNode::getTransformationUID)
                .filter(Objects::nonNull)
                .toList();
    }

    @Test
    void thoseOfIntrusion() {
        assertThat(of(new IntrusionStage()))
                .doesNotHaveDuplicates()
                .contains(
                        "read-flows",
                        "route-flows",
                        "assemble",
                        "read-releases",
                        "route-releases",
                        "judge",
                        "split",
                        "keep-attacks",
                        "correlate",
                        "limit-samples",
                        "tell-of-dead-letters",
                        "write-detections",
                        "write-alerts",
                        "write-samples",
                        "write-dead-letters");
    }

    @Test
    void thoseOfSpeech() {
        boolean ships = true;
        try {
            FolderModelLoader.find(FolderModelLoader.SHIPPED, SpeechModel.KIND);
        } catch (IOException none) {
            ships = false;
        }
        assumeTrue(ships, "no default speech model in this build");
        assertThat(of(new SpeechStage()))
                .doesNotHaveDuplicates()
                .contains(
                        "assemble",
                        "transcribe",
                        "keep-finals",
                        "correlate",
                        "read-releases",
                        "limit-samples",
                        "write-transcripts",
                        "write-alerts",
                        "write-dead-letters");
    }
}
