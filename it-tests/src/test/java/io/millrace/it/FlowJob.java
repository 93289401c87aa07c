package io.millrace.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.millrace.connectors.kafka.AvroKafkaSink;
import io.millrace.connectors.kafka.AvroKafkaSource;
import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.KeyExtractor;
import io.millrace.schemas.Topic;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A running job that copies flows exactly once from one topic to another, dead letters to a third. */
final class FlowJob implements AutoCloseable {
    /** Passes flows on, slowly if need be, and notes how often it was started again. */
    private static final class Attempts extends RichMapFunction<FlowRecord, FlowRecord> {
        private static final Map<String, Integer> BY_JOB = new ConcurrentHashMap<>();
        private final String job;
        private final long flowMillis;

        Attempts(String job, long flowMillis) {
            this.job = job;
            this.flowMillis = flowMillis;
        }

        @Override
        public void open(OpenContext context) {
            BY_JOB.put(job, getRuntimeContext().getTaskInfo().getAttemptNumber());
        }

        @Override
        public FlowRecord map(FlowRecord flow) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(flowMillis);
            return flow;
        }
    }

    private final LocalInfrastructure local;
    private final RegistryConfig registry;
    private final JobClient client;
    private final AvroTopicReader<FlowRecord> output;
    private final AvroTopicReader<DeadLetter> deadLetters;
    private final List<FlowRecord> flows = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    final Topic<FlowRecord> in;

    FlowJob(LocalInfrastructure local) throws Exception {
        this(
                local,
                local.freshTopic(IntrusionTopics.FLOWS),
                local.freshTopic(IntrusionTopics.DEAD_LETTERS),
                Map.of(),
                0);
    }

    /** A job that writes to these topics, with these settings of the producers, and takes so long for each flow. */
    FlowJob(
            LocalInfrastructure local,
            Topic<FlowRecord> out,
            Topic<DeadLetter> dlq,
            Map<String, String> producer,
            long flowMillis)
            throws Exception {
        this.local = local;
        // a cache size of its own gives the job a registry object of its own
        registry =
                local.registryConfig().with("cache.size", Integer.toString(2000 + (int) (System.nanoTime() % 10000)));
        in = local.freshTopic(IntrusionTopics.FLOWS);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration()
                .set(PipelineOptions.GENERIC_TYPES, false)
                .set(RestOptions.BIND_PORT, "0")
                .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 100)
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1)));
        env.setParallelism(1);
        env.enableCheckpointing(500, CheckpointingMode.EXACTLY_ONCE);
        SingleOutputStreamOperator<FlowRecord> decoded = env.fromSource(
                        AvroKafkaSource.builder(FlowRecord.class)
                                .setBootstrap(local.bootstrap())
                                .setTopics(in.name())
                                .setGroup(in.name())
                                .setRegistry(registry)
                                .setStage("intrusion")
                                .build(),
                        WatermarkStrategy.<Decoded<FlowRecord>>forMonotonousTimestamps()
                                .withTimestampAssigner(AvroKafkaSource.eventTimes(Flows.TIME)),
                        "flows")
                .process(DeadLetterRouter.of(FlowRecord.class));
        decoded.map(new Attempts(in.name(), flowMillis))
                .returns(decoded.getType())
                .sinkTo(AvroKafkaSink.builder(FlowRecord.class)
                        .setBootstrap(local.bootstrap())
                        .setTopic(out.name())
                        .setRegistry(registry)
                        .setKey(Flows.KEY)
                        .setTransactionPrefix(out.name())
                        .optDeadLetters("intrusion", dlq.name())
                        .optProperties(producer)
                        .build());
        KeyExtractor<DeadLetter> originalKey =
                letter -> letter.getKey() == null ? null : letter.getKey().array();
        decoded.getSideOutput(DeadLetterRouter.DEAD_LETTERS)
                .sinkTo(AvroKafkaSink.builder(DeadLetter.class)
                        .setBootstrap(local.bootstrap())
                        .setTopic(dlq.name())
                        .setRegistry(registry)
                        .setKey(originalKey)
                        .setTransactionPrefix(dlq.name())
                        .optProperties(producer)
                        .build());
        client = env.executeAsync("copy flows");
        output = reader(FlowRecord.class, out);
        deadLetters = reader(DeadLetter.class, dlq);
    }

    private <T extends org.apache.avro.specific.SpecificRecord> AvroTopicReader<T> reader(
            Class<T> type, Topic<T> topic) {
        return new AvroTopicReader<>(
                type, topic.name(), local.bootstrap(), local.registryConfig(), AvroTopicReader.From.EARLIEST, Map.of());
    }

    void publish(int from, int to) {
        publish(IntStream.range(from, to).mapToObj(Flows::flow).toList());
    }

    void publish(List<FlowRecord> records) {
        try (AvroPublisher<FlowRecord> publisher =
                new AvroPublisher<>(in, local.bootstrap(), local.registryConfig(), Map.of())) {
            records.forEach(publisher::publish);
            publisher.flush();
        }
    }

    /** Flows committed so far. */
    List<FlowRecord> output() {
        output.poll(Duration.ofMillis(200)).forEach(record -> flows.add(record.value()));
        return flows;
    }

    /** Dead letters committed so far. */
    List<DeadLetter> deadLetters() {
        deadLetters.poll(Duration.ofMillis(200)).forEach(record -> letters.add(record.value()));
        return letters;
    }

    /** How often the job was started again. */
    int restarts() {
        return Attempts.BY_JOB.getOrDefault(in.name(), 0);
    }

    JobStatus status() throws Exception {
        return client.getJobStatus().get();
    }

    @Override
    public void close() throws Exception {
        output.close();
        deadLetters.close();
        client.cancel().get();
    }
}
