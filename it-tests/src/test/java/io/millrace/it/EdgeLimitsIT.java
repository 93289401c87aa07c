package io.millrace.it;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Neither what a topic does not take nor brokers that are away for longer than a producer waits end more than a task. */
@ExtendWith(LocalInfrastructure.class)
@Timeout(240)
class EdgeLimitsIT {
    private static final int LARGEST = 1_048_400;

    @Test
    void whatATopicDoesNotTakeBecomesALetterThatFitsAndTheJobGoesOn(LocalInfrastructure local) throws Exception {
        // Topics that were made by hand: the recorders' times are kept, and checked.
        Topic<FlowRecord> out = made(local, IntrusionTopics.FLOWS, Map.of("max.message.bytes", "20000"));
        Topic<DeadLetter> dlq = made(local, IntrusionTopics.DEAD_LETTERS, Map.of());
        try (FlowJob job = new FlowJob(local, out, dlq, Map.of(), 0)) {
            byte[] garbage = new byte[LARGEST];
            Arrays.fill(garbage, (byte) 0x7f);
            RawTopic.write(local.bootstrap(), job.in.name(), garbage);
            List<FlowRecord> flows = new ArrayList<>(List.of(Flows.flow(0)));
            for (Instant end : List.of(
                    Instant.now().plus(Duration.ofDays(400)),
                    Instant.ofEpochMilli(Long.MAX_VALUE),
                    Instant.ofEpochMilli(-5),
                    Instant.ofEpochMilli(Long.MIN_VALUE))) {
                FlowRecord odd = Flows.flow(flows.size());
                odd.setEndTime(end);
                flows.add(odd);
            }
            FlowRecord large = Flows.flow(5);
            large.setAttributes(
                    IntStream.range(0, 10).boxed().collect(Collectors.toMap(i -> "a" + i, i -> "x".repeat(4000))));
            flows.add(large);
            FlowRecord wordy = Flows.flow(6);
            wordy.setFlowId("i".repeat(100_000));
            flows.add(wordy);
            job.publish(flows);
            job.publish(7, 20);

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> job.deadLetters().size() >= 3 && job.output().size() >= 18);
            assertThat(job.output())
                    .extracting(FlowRecord::getFlowId)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 20)
                            .filter(i -> i != 5 && i != 6)
                            .mapToObj(i -> "flow-" + i)
                            .toList());
            assertThat(job.deadLetters())
                    .extracting(DeadLetter::getReason)
                    .containsExactlyInAnyOrder(
                            DeadLetterReason.NOT_AVRO, DeadLetterReason.INVALID_RECORD, DeadLetterReason.TOO_LARGE);
            DeadLetter cut = letter(job, DeadLetterReason.NOT_AVRO);
            assertThat(cut.getValueBytes()).isEqualTo(LARGEST);
            assertThat(cut.getCutBytes())
                    .isEqualTo(LARGEST - cut.getValue().remaining())
                    .isPositive();
            assertThat(letter(job, DeadLetterReason.INVALID_RECORD).getMessage())
                    .contains("flow_id has 100000 bytes");
            DeadLetter tooLarge = letter(job, DeadLetterReason.TOO_LARGE);
            assertThat(tooLarge.getMessage())
                    .contains("FlowRecord")
                    .contains(out.name())
                    .contains("20000");
            assertThat(tooLarge.getStep()).isEqualTo("write");
            assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
            assertThat(job.restarts()).isZero();
        }
    }

    @Test
    void brokersThatAreAwayForLongerThanAProducerWaitsEndATaskAndNoTaskManager(LocalInfrastructure local)
            throws Exception {
        Map<String, String> impatient = Map.of(
                "delivery.timeout.ms", "4000",
                "request.timeout.ms", "3000",
                "linger.ms", "5",
                "max.block.ms", "5000");
        try (FlowJob job = new FlowJob(
                local,
                local.freshTopic(IntrusionTopics.FLOWS),
                local.freshTopic(IntrusionTopics.DEAD_LETTERS),
                impatient,
                5)) {
            job.publish(0, 1000);
            await().atMost(Duration.ofSeconds(40)).until(() -> job.output().size() >= 100);
            // Flows that were read already go on to a producer that can no longer deliver them.
            local.broker().stop();
            try {
                await().atMost(Duration.ofSeconds(60)).until(() -> job.status() == JobStatus.RESTARTING);
            } finally {
                local.broker().restart();
            }
            job.publish(1000, 1200);
            await().atMost(Duration.ofSeconds(90)).until(() -> job.output().size() >= 1200);
            assertThat(job.output())
                    .extracting(FlowRecord::getFlowId)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 1200).mapToObj(i -> "flow-" + i).toList());
            assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        }
    }

    private static DeadLetter letter(FlowJob job, DeadLetterReason reason) {
        return job.deadLetters().stream()
                .filter(letter -> letter.getReason() == reason)
                .findFirst()
                .orElseThrow();
    }

    private static <T extends SpecificRecord> Topic<T> made(
            LocalInfrastructure local, Topic<T> like, Map<String, String> settings) throws Exception {
        String name = like.name() + "." + UUID.randomUUID();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", local.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty()).configs(settings)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        return like.withName(name);
    }
}
