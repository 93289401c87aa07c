package io.millrace.it;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.millrace.connectors.kafka.AvroKafkaSink;
import io.millrace.connectors.kafka.AvroKafkaSource;
import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(LocalInfrastructure.class)
@Timeout(90)
class KafkaRoundTripIT {

    @Test
    void recordsPassThroughAJobExactlyAsTheyWereWritten(LocalInfrastructure local) throws Exception {
        Topic<FlowRecord> in = local.freshTopic(IntrusionTopics.FLOWS);
        Topic<FlowRecord> out = local.freshTopic(IntrusionTopics.FLOWS);
        List<FlowRecord> flows = IntStream.range(0, 1000).mapToObj(Flows::flow).toList();
        try (AvroPublisher<FlowRecord> publisher =
                new AvroPublisher<>(in, local.bootstrap(), local.registryConfig(), Map.of())) {
            flows.forEach(publisher::publish);
            publisher.flush();
        }

        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(
                new Configuration().set(PipelineOptions.GENERIC_TYPES, false));
        env.setParallelism(2);
        env.enableCheckpointing(500);
        SingleOutputStreamOperator<FlowRecord> decoded = env.fromSource(
                        AvroKafkaSource.builder(FlowRecord.class)
                                .setBootstrap(local.bootstrap())
                                .setTopics(in.name())
                                .setGroup(in.name())
                                .setRegistry(local.registryConfig())
                                .setStage("intrusion")
                                .optBounded()
                                .build(),
                        WatermarkStrategy.<Decoded<FlowRecord>>forBoundedOutOfOrderness(Duration.ofMinutes(5))
                                .withTimestampAssigner(AvroKafkaSource.eventTimes(Flows.TIME)),
                        "flows")
                .rebalance()
                .process(DeadLetterRouter.of(FlowRecord.class));
        decoded.sinkTo(AvroKafkaSink.builder(FlowRecord.class)
                .setBootstrap(local.bootstrap())
                .setTopic(out.name())
                .setRegistry(local.registryConfig())
                .setKey(Flows.KEY)
                .setTransactionPrefix(out.name())
                .build());
        env.execute("round trip");

        try (AvroTopicReader<FlowRecord> reader = new AvroTopicReader<>(
                FlowRecord.class,
                out.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of())) {
            List<Decoded<FlowRecord>> read = reader.readToEnd();
            assertThat(read).hasSameSizeAs(flows);
            assertThat(read).allMatch(Decoded::isValue);
            Map<String, FlowRecord> byId = read.stream()
                    .map(Decoded::value)
                    .collect(Collectors.toMap(FlowRecord::getFlowId, Function.identity()));
            assertThat(flows)
                    .allSatisfy(flow -> assertThat(byId.get(flow.getFlowId())).isEqualTo(flow));
        }
    }
}
