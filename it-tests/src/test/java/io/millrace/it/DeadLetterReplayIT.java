package io.millrace.it;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.RecordLookup;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.jobs.cli.Millrace;
import io.millrace.jobs.deadletter.Replay;
import io.millrace.schemas.AvroJson;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** Dead letters listed, shown and replayed by the command line. */
@ExtendWith(LocalInfrastructure.class)
@Timeout(120)
class DeadLetterReplayIT {
    private final StringWriter out = new StringWriter();

    @Test
    void eachLetterIsReplayedOnceFromWhereItsRecordIsWhole(LocalInfrastructure local) throws Exception {
        Topic<FlowRecord> flows = local.freshTopic(IntrusionTopics.FLOWS);
        Topic<DeadLetter> letters = local.freshTopic(IntrusionTopics.DEAD_LETTERS);
        int partition;
        long offset;
        try (AvroPublisher<FlowRecord> publisher =
                new AvroPublisher<>(flows, local.bootstrap(), local.registryConfig(), Map.of())) {
            var metadata = publisher.publish(Flows.flow(1)).get();
            partition = metadata.partition();
            offset = metadata.offset();
        }
        int schema = SchemaRegistry.connect(local.registryConfig()).idFor(flows.subject(), FlowRecord.getClassSchema());
        byte[] truncated = RawTopic.framed(schema, (byte) 12, (byte) 'f');
        byte[] json = AvroJson.of(Flows.flow(2));
        publish(
                local,
                letters,
                letter("decode", DeadLetterReason.INVALID_RECORD, flows.name(), 0, 77L, truncated, 0),
                letter("late", DeadLetterReason.LATE, flows.name(), partition, offset, new byte[] {'{'}, 9000),
                letter("late", DeadLetterReason.LATE, null, null, null, json, 0),
                letter("decode", DeadLetterReason.NOT_AVRO, flows.name(), 3, 999L, new byte[] {1}, 5));

        assertThat(run(local, "list", letters.name(), "--reason", "late")).isZero();
        assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.contains("intrusion/late LATE"));
        assertThat(out.toString()).contains("0:1 ").contains(flows.name() + "/" + partition + "@" + offset);
        assertThat(run(local, "list", letters.name(), "--step", "decode", "--since", "1h", "--json"))
                .isZero();
        assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"letter\":\"0:"));
        assertThat(run(local, "list", letters.name(), "--since", "2999-01-01T00:00:00Z"))
                .isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(run(local, "show", letters.name(), "0:2")).isZero();
        assertThat(out.toString()).contains("reason   LATE").contains("\"flow_id\" : \"flow-2\"");
        assertThat(run(local, "show", letters.name(), "0:0")).isZero();
        assertThat(out.toString()).contains("00000000  00 00");
        assertThat(run(local, "show", letters.name(), "0:4")).isEqualTo(1);

        assertThat(run(local, "replay", letters.name(), "--dry-run")).isEqualTo(1);
        assertThat(out.toString()).contains("would replay 2 letters; 0 had been replayed before, 2 cannot be");
        assertThat(records(local, flows)).hasSize(1);
        assertThat(run(local, "replay", letters.name(), "--reason", "LATE", "--to", flows.name()))
                .isZero();
        assertThat(run(local, "replay", letters.name())).isEqualTo(1);
        assertThat(out.toString())
                .contains("0:3 cannot be replayed: 5 bytes of it were cut")
                .contains("replayed 1 letter; 2 had been replayed before, 1 cannot be");
        assertThat(run(local, "replay", letters.name(), "0:0", "0:1", "0:2")).isZero();
        assertThat(out.toString()).contains("replayed 0 letters; 3 had been replayed before, 0 cannot be");

        assertThat(records(local, flows)).containsExactlyInAnyOrder("flow-1", "flow-1", "flow-2", "undecodable");
        try (RecordLookup lookup = new RecordLookup(local.bootstrap(), Duration.ofSeconds(10), Map.of())) {
            ConsumerRecord<byte[], byte[]> again =
                    lookup.at(flows.name(), partition, offset + 1).orElseThrow();
            assertThat(again.key()).isEqualTo("10.0.0.1".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(
                            again.headers().lastHeader(Replay.LETTER_HEADER).value(), StandardCharsets.UTF_8))
                    .startsWith(letters.name() + "/0@");
            assertThat(lookup.at(flows.name(), partition, offset + 1_000)).isEmpty();
            assertThat(lookup.at("there-is-no-such-topic", 0, 0)).isEmpty();
        }
    }

    private static List<String> records(LocalInfrastructure local, Topic<?> topic) {
        try (AvroTopicReader<FlowRecord> reader = new AvroTopicReader<>(
                FlowRecord.class,
                topic.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of())) {
            List<String> ids = new ArrayList<>();
            reader.readToEnd(record -> ids.add(record.isValue() ? record.value().getFlowId() : "undecodable"));
            return ids;
        }
    }

    private static DeadLetter letter(
            String step,
            DeadLetterReason reason,
            String topic,
            Integer partition,
            Long offset,
            byte[] value,
            long cut) {
        return DeadLetter.newBuilder()
                .setStage("intrusion")
                .setStep(step)
                .setReason(reason)
                .setMessage("as the test has it")
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setFailedTime(Instant.now())
                .setKey(ByteBuffer.wrap("10.0.0.2".getBytes(StandardCharsets.UTF_8)))
                .setValue(ByteBuffer.wrap(value))
                .setHeaders(Map.of())
                .setCutBytes(cut)
                .build();
    }

    private static void publish(LocalInfrastructure local, Topic<DeadLetter> topic, DeadLetter... letters) {
        try (AvroPublisher<DeadLetter> publisher =
                new AvroPublisher<>(topic, local.bootstrap(), local.registryConfig(), Map.of())) {
            for (DeadLetter letter : letters) {
                publisher.publish(letter);
            }
            publisher.flush();
        }
    }

    private int run(LocalInfrastructure local, String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of("dlq", command));
        line.addAll(List.of(arguments));
        line.addAll(List.of(
                "--bootstrap", local.bootstrap(), "--registry", local.registry().url()));
        out.getBuffer().setLength(0);
        CommandLine millrace = Millrace.commandLine();
        millrace.setOut(new PrintWriter(out, true));
        return millrace.execute(line.toArray(String[]::new));
    }
}
