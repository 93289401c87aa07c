package io.millrace.it;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a job does when records are bad, and when the registry or the broker is away; all with the real parts. */
@ExtendWith(LocalInfrastructure.class)
@Timeout(120)
class KafkaFailureIT {

    @Test
    void undecodableRecordsGoToTheDeadLettersAndTheJobGoesOn(LocalInfrastructure local) throws Exception {
        try (FlowJob job = new FlowJob(local)) {
            job.publish(0, 10);
            int known =
                    SchemaRegistry.connect(local.registryConfig()).idFor(job.in.subject(), FlowRecord.getClassSchema());
            int other =
                    SchemaRegistry.connect(local.registryConfig()).idFor("other-value", DeadLetter.getClassSchema());
            byte[] garbage = "not a record".getBytes(StandardCharsets.UTF_8);
            byte[] unknown = RawTopic.framed(999_999, (byte) 1);
            byte[] truncated = RawTopic.framed(known, (byte) 12, (byte) 'f');
            byte[] wrong = RawTopic.framed(other, (byte) 0, (byte) 0);
            RawTopic.write(local.bootstrap(), job.in.name(), garbage, unknown, truncated, wrong, null);
            job.publish(10, 20);

            await().atMost(Duration.ofSeconds(40))
                    .until(() -> job.deadLetters().size() >= 5 && job.output().size() >= 20);
            assertThat(job.deadLetters())
                    .extracting(DeadLetter::getReason)
                    .containsExactly(
                            DeadLetterReason.NOT_AVRO,
                            DeadLetterReason.UNKNOWN_SCHEMA,
                            DeadLetterReason.INVALID_RECORD,
                            DeadLetterReason.INCOMPATIBLE_SCHEMA,
                            DeadLetterReason.NOT_AVRO);
            assertThat(job.deadLetters())
                    .extracting(DeadLetter::getValue)
                    .containsExactly(
                            ByteBuffer.wrap(garbage),
                            ByteBuffer.wrap(unknown),
                            ByteBuffer.wrap(truncated),
                            ByteBuffer.wrap(wrong),
                            null);
            assertThat(job.deadLetters()).allSatisfy(letter -> {
                assertThat(letter.getTopic()).isEqualTo(job.in.name());
                assertThat(letter.getPartition()).isZero();
                assertThat(letter.getOffset()).isNotNull();
                assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
            });
            assertThat(job.output()).hasSize(20);
            assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        }
    }

    @Test
    void aRegistryThatIsAwayCostsNoRecord(LocalInfrastructure local) throws Exception {
        try (FlowJob job = new FlowJob(local)) {
            job.publish(0, 10);
            await().atMost(Duration.ofSeconds(40)).until(() -> job.output().size() >= 10);
            Schema added = later();
            int id = SchemaRegistry.connect(local.registryConfig()).idFor(job.in.subject(), added);
            byte[] value = RawTopic.framed(id, added, record(added));

            local.registry().stop();
            try {
                RawTopic.write(local.bootstrap(), job.in.name(), value);
                TimeUnit.SECONDS.sleep(4);
                assertThat(job.output()).hasSize(10);
                assertThat(job.deadLetters()).isEmpty();
                assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
            } finally {
                local.registry().restart();
            }

            await().atMost(Duration.ofSeconds(40)).until(() -> job.output().size() >= 11);
            assertThat(job.output().get(10).getFlowId()).isEqualTo("later");
            assertThat(job.deadLetters()).isEmpty();
        }
    }

    @Test
    void aBrokerThatIsAwayIsWaitedForAndOutputIsExactlyOnce(LocalInfrastructure local) throws Exception {
        try (FlowJob job = new FlowJob(local)) {
            job.publish(0, 500);
            await().atMost(Duration.ofSeconds(40)).until(() -> job.output().size() >= 100);
            local.broker().stop();
            try {
                TimeUnit.SECONDS.sleep(12);
            } finally {
                local.broker().restart();
            }
            job.publish(500, 1000);
            await().atMost(Duration.ofSeconds(60)).until(() -> job.output().size() >= 1000);
            TimeUnit.SECONDS.sleep(2);
            List<String> expected =
                    IntStream.range(0, 1000).mapToObj(i -> "flow-" + i).toList();
            assertThat(job.output()).extracting(FlowRecord::getFlowId).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(job.deadLetters()).isEmpty();
        }
    }

    private static Schema later() {
        Schema now = FlowRecord.getClassSchema();
        Schema later = Schema.createRecord(now.getName(), now.getDoc(), now.getNamespace(), false);
        List<Schema.Field> fields = new java.util.ArrayList<>(now.getFields().stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
        fields.add(new Schema.Field("added_later", Schema.create(Schema.Type.STRING), "Later.", "none"));
        later.setFields(fields);
        return later;
    }

    private static GenericData.Record record(Schema schema) {
        GenericData.Record record = new GenericData.Record(schema);
        FlowRecord flow = Flows.flow(10);
        flow.setFlowId("later");
        flow.getSchema().getFields().forEach(field -> record.put(field.name(), raw(flow.get(field.pos()))));
        record.put("added_later", "x");
        return record;
    }

    private static Object raw(Object value) {
        if (value instanceof java.time.Instant instant) {
            return instant.toEpochMilli();
        }
        return value instanceof Enum<?> symbol
                ? new GenericData.EnumSymbol(
                        FlowRecord.getClassSchema().getField("source_format").schema(), symbol.name())
                : value;
    }
}
