package io.millrace.jobs.stage;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.StartFrom;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The graph that stages get: names that people read, and identifiers by which a savepoint is found again. */
class KafkaEdgesTest {
    private final StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(3);

    private static JobConfiguration job(String registry) {
        return new JobConfiguration(
                "tea-job",
                new JobConfiguration.Kafka("localhost:1", Map.of()),
                new JobConfiguration.Registry(registry, Map.of()),
                null,
                null,
                Map.of());
    }

    private StageGraph graph() {
        return new StageGraph(new KafkaEdges(environment, job("http://r"), "tea", Map.of()), "tea");
    }

    private static DataStream<FlowRecord> flows(StageGraph graph) {
        return graph.read(
                        IntrusionTopics.FLOWS,
                        StartFrom.EARLIEST,
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10))
                .map(traced -> traced.record)
                .returns(FlowRecord.class)
                .uid("unwrap");
    }

    private static List<String> uids(Collection<StreamNode> nodes) {
        return nodes.stream().map(StreamNode::getTransformationUID).toList();
    }

    @Test
    void everyOperatorHasAnIdentifierAndANameInWords() {
        StageGraph graph = graph();
        graph.write(flows(graph), IntrusionTopics.FLOWS);
        graph.finish();

        StreamGraph built = environment.getStreamGraph();

        assertThat(uids(built.getStreamNodes()))
                .contains("read-flows", "route-flows", "unwrap", "write-flows", "write-dead-letters");
        assertThat(built.getStreamNodes())
                .extracting(StreamNode::getOperatorName)
                .contains("Source: Read flows from Kafka", "Set aside what is no flow")
                .anyMatch(name -> name.startsWith("Write flows to Kafka"));
    }

    @Test
    void releasesAreReadByOneSubtask() {
        StageGraph graph = graph();
        new KafkaEdges(environment, job("http://r"), "tea", Map.of()).releases();
        graph.write(flows(graph), IntrusionTopics.FLOWS);
        graph.finish();
        StreamGraph built = environment.getStreamGraph();
        assertThat(built.getStreamNodes())
                .filteredOn(node -> "read-flows".equals(node.getTransformationUID()))
                .singleElement()
                .extracting(StreamNode::getParallelism)
                .isEqualTo(3);
        assertThat(built.getStreamNodes())
                .filteredOn(node -> List.of("read-releases", "route-releases").contains(node.getTransformationUID()))
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.getParallelism()).isEqualTo(1));
    }

    @Test
    void aGraphThatGivesNothingUpWritesNoLetters() {
        StageGraph graph = graph();
        graph.write(
                environment.fromSequence(0, 1).map(number -> new FlowRecord()).returns(FlowRecord.class),
                IntrusionTopics.FLOWS);
        graph.finish();
        assertThat(uids(environment.getStreamGraph().getStreamNodes()))
                .contains("write-flows")
                .doesNotContain("write-dead-letters");
    }

    @Test
    void aJobHasTheNameOfItsStageAndTopicsOfItsOwnNames() {
        JobConfiguration unnamed = new JobConfiguration(
                null,
                new JobConfiguration.Kafka("localhost:1", Map.of()),
                new JobConfiguration.Registry("http://r", Map.of()),
                null,
                null,
                Map.of(
                        "tea",
                        ConfigurationReader.of(
                                PlainStage.Settings.class, Map.of("topics", Map.of("flows", "my.flows")))));
        StageJob<PlainStage.Settings> job = new StageJob<>(new PlainStage("tea"), unnamed);
        assertThat(job.configuration().name()).isEqualTo("tea-job");
        assertThat(job.topics())
                .extracting(Topic::name)
                .containsExactly("my.flows", "millrace.tea.dlq", CommonTopics.RELEASES.name());
        assertThat(job.settings().topics()).containsEntry("flows", "my.flows");
    }

    @Test
    void aRegistryThatIsNoAddressIsNamedByItsKey() {
        assertThatThrownBy(() -> new KafkaEdges(environment, job("my registry"), "tea", Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("registry: ");
    }
}
