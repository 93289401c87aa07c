package io.millrace.it;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.millrace.connectors.kafka.AvroKafkaSource;
import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** Event time against a real broker, most of whose partitions are empty. */
@ExtendWith(LocalInfrastructure.class)
@Timeout(90)
class EventTimeIT {

    private static final AtomicLong WATERMARK = new AtomicLong(Long.MIN_VALUE);
    private static final Queue<DeadLetter> LETTERS = new ConcurrentLinkedQueue<>();

    private static final class Watch extends ProcessFunction<FlowRecord, FlowRecord> {
        @Override
        public void processElement(FlowRecord flow, Context context, Collector<FlowRecord> out) {
            WATERMARK.accumulateAndGet(context.timerService().currentWatermark(), Math::max);
        }
    }

    private static final class Keep extends ProcessFunction<DeadLetter, DeadLetter> {
        @Override
        public void processElement(DeadLetter letter, Context context, Collector<DeadLetter> out) {
            LETTERS.add(letter);
        }
    }

    @Test
    void aFlowOfATimeToComeIsGivenUpAndTimeGoesOnThoughMostPartitionsAreEmpty(LocalInfrastructure local)
            throws Exception {
        Topic<FlowRecord> in = local.freshTopic(IntrusionTopics.FLOWS);
        FlowRecord future = Flows.flow(7);
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        future.setEndTime(tomorrow);
        List<FlowRecord> flows =
                IntStream.range(0, 100).mapToObj(i -> Flows.flow(16 * i)).toList();
        try (AvroPublisher<FlowRecord> publisher =
                new AvroPublisher<>(in, local.bootstrap(), local.registryConfig(), Map.of())) {
            publisher.publish(future);
            publisher.flush();
            JobClient job = start(local, in);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !LETTERS.isEmpty());
            long last = Flows.TIME.timeOf(flows.get(99));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> {
                        // What comes again moves no time, but shows how far it has come.
                        flows.forEach(publisher::publish);
                        publisher.flush();
                        assertThat(WATERMARK.get()).isEqualTo(last - 1);
                    });
            job.cancel().get();
        }
        assertThat(LETTERS).hasSize(1);
        DeadLetter letter = LETTERS.element();
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.IMPLAUSIBLE_TIME);
        assertThat(letter.getTopic()).isEqualTo(in.name());
        assertThat(letter.getMessage()).contains("ahead of the clock");
    }

    private static JobClient start(LocalInfrastructure local, Topic<FlowRecord> in) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration()
                .set(PipelineOptions.GENERIC_TYPES, false)
                .set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(50)));
        env.setParallelism(2);
        AvroKafkaSource.Builder<FlowRecord> source = AvroKafkaSource.builder(FlowRecord.class)
                .setBootstrap(local.bootstrap())
                .setTopics(in.name())
                .setGroup(in.name())
                .setRegistry(local.registryConfig())
                .setStage("intrusion")
                .optEventTime(new EventTime<>(Flows.TIME, Duration.ofMinutes(5)));
        SingleOutputStreamOperator<FlowRecord> flows = env.fromSource(
                        source.build(), source.watermarks(Duration.ZERO, Duration.ofSeconds(1)), "flows")
                .process(DeadLetterRouter.of(FlowRecord.class));
        flows.getSideOutput(DeadLetterRouter.DEAD_LETTERS).process(new Keep());
        flows.rebalance().process(new Watch());
        return env.executeAsync("event time");
    }
}
