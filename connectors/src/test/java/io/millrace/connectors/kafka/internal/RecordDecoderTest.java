package io.millrace.connectors.kafka.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.connectors.registry.FakeRegistryClient;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.AnalystFeedback;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FeedbackVerdict;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.RecordLimits;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecordDecoderTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);

    private final FakeRegistryClient client = new FakeRegistryClient();
    private final SchemaRegistry registry = client.registry();
    private final RecordEncoder<FlowRecord> encoder = new RecordEncoder<>(FlowRecord.class, "flows", registry);
    private final RecordDecoder<FlowRecord> decoder =
            new RecordDecoder<>(FlowRecord.class, "intrusion", registry, RecordLimits.USUAL, CLOCK);

    static FlowRecord flow() {
        return FlowRecord.newBuilder()
                .setFlowId("flow-1")
                .setSensor("sensor")
                .setSourceFormat(FlowFormat.ZEEK)
                .setStartTime(Instant.parse("2026-01-01T00:00:00Z"))
                .setEndTime(Instant.parse("2026-01-01T00:00:01Z"))
                .setDurationSeconds(1.0)
                .setSourceAddress("10.0.0.1")
                .setSourcePort(40000)
                .setDestinationAddress("2001:db8::1")
                .setDestinationPort(443)
                .setProtocol(6)
                .setBytesOut(123456789L)
                .setService("größe")
                .setAttributes(Map.of("uid", "C1", "tunnel", "none"))
                .build();
    }

    private Decoded<FlowRecord> decode(byte[] value) {
        return decoder.decode(new ConsumerRecord<>(
                "flows",
                3,
                42L,
                1_000L,
                TimestampType.CREATE_TIME,
                1,
                value == null ? 0 : value.length,
                "key".getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders().add("trace", new byte[] {7}).add("empty", null),
                java.util.Optional.empty()));
    }

    private void assertDead(byte[] value, DeadLetterReason reason, String message) {
        Decoded<FlowRecord> decoded = decode(value);
        assertThat(decoded.isValue()).isFalse();
        DeadLetter letter = decoded.deadLetter();
        assertThat(letter.getReason()).isEqualTo(reason);
        assertThat(letter.getMessage()).contains(message);
        assertThat(letter.getValue()).isEqualTo(value == null ? null : ByteBuffer.wrap(value));
    }

    private byte[] framed(int id, byte... avro) {
        return ByteBuffer.allocate(5 + avro.length)
                .put(WireFormat.header(id))
                .put(avro)
                .array();
    }

    @Test
    void whatTheEncoderWritesTheDecoderReads() {
        Decoded<FlowRecord> decoded = decode(encoder.encode(flow()));
        assertThat(decoded.value()).isEqualTo(flow());
        assertThat(decoded.value().getAttributes().keySet())
                .allSatisfy(key -> assertThat((Object) key).isInstanceOf(String.class));
        assertThat(decoded.origin().partition()).isEqualTo(3);
    }

    @Test
    void aDeadLetterCarriesTheWholeOrigin() {
        DeadLetter letter = decode(new byte[] {1, 2, 3, 4, 5, 6}).deadLetter();
        assertThat(letter.getStage()).isEqualTo("intrusion");
        assertThat(letter.getStep()).isEqualTo("decode");
        assertThat(letter.getTopic()).isEqualTo("flows");
        assertThat(letter.getPartition()).isEqualTo(3);
        assertThat(letter.getOffset()).isEqualTo(42L);
        assertThat(letter.getRecordTime()).isEqualTo(Instant.ofEpochMilli(1000));
        assertThat(letter.getFailedTime()).isEqualTo(CLOCK.instant());
        assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap("key".getBytes(StandardCharsets.UTF_8)));
        assertThat(letter.getHeaders())
                .containsEntry("trace", ByteBuffer.wrap(new byte[] {7}))
                .containsEntry("empty", ByteBuffer.wrap(new byte[0]));
    }

    @Test
    void whatIsNotFramedIsNotAvro() {
        assertDead(null, DeadLetterReason.NOT_AVRO, "tombstone");
        assertDead(new byte[0], DeadLetterReason.NOT_AVRO, "0 bytes");
        assertDead(new byte[] {0, 0, 0, 1}, DeadLetterReason.NOT_AVRO, "4 bytes");
        assertDead("{\"json\":1}".getBytes(StandardCharsets.UTF_8), DeadLetterReason.NOT_AVRO, "begins with byte 123");
    }

    @Test
    void anIdThatTheRegistryDoesNotKnowIsAnUnknownSchema() {
        assertDead(framed(999, (byte) 0), DeadLetterReason.UNKNOWN_SCHEMA, "999");
    }

    @Test
    void aRecordOfAnotherTypeIsIncompatible() {
        RecordEncoder<AnalystFeedback> other = new RecordEncoder<>(AnalystFeedback.class, "feedback", registry);
        byte[] value = other.encode(AnalystFeedback.newBuilder()
                .setFeedbackId("f")
                .setStage("s")
                .setVerdict(FeedbackVerdict.TRUE_POSITIVE)
                .setAnalyst("a")
                .setStatedTime(Instant.EPOCH)
                .build());
        assertDead(value, DeadLetterReason.INCOMPATIBLE_SCHEMA, "AnalystFeedback");
    }

    @Test
    void everyTruncationAndTrailingByteIsAnInvalidRecord() {
        byte[] whole = encoder.encode(flow());
        for (int length = 5; length < whole.length; length++) {
            assertDead(Arrays.copyOf(whole, length), DeadLetterReason.INVALID_RECORD, "");
        }
        assertDead(Arrays.copyOf(whole, whole.length + 2), DeadLetterReason.INVALID_RECORD, "2 bytes follow");
    }

    @Test
    void aTextThatIsTooLongIsNamed() {
        FlowRecord long4 = flow();
        long4.setFlowId("x".repeat(4097));
        assertDead(encoder.encode(long4), DeadLetterReason.INVALID_RECORD, "flow_id has 4097 bytes of text");
        long4.setFlowId("x".repeat(4096));
        assertThat(decode(encoder.encode(long4)).value()).isEqualTo(long4);
        long4.setAttributes(Map.of("uri", "ü".repeat(3000)));
        assertDead(encoder.encode(long4), DeadLetterReason.INVALID_RECORD, "attributes has 6000 bytes of text");
        long4.setAttributes(Map.of("k".repeat(5000), "v"));
        assertDead(encoder.encode(long4), DeadLetterReason.INVALID_RECORD, "a key of attributes has 5000 bytes");
    }

    @Test
    void aMapOfTooManyEntriesIsNamed() {
        FlowRecord many = flow();
        many.setAttributes(IntStream.range(0, 1001).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v")));
        assertDead(encoder.encode(many), DeadLetterReason.INVALID_RECORD, "attributes has 1001 entries");
    }

    @Test
    void aRecordThatIsTooLargeIsNotRead() {
        byte[] value = encoder.encode(flow());
        RecordDecoder<FlowRecord> strict = new RecordDecoder<>(
                FlowRecord.class, "intrusion", registry, RecordLimits.USUAL.withRecordBytes(value.length - 1), CLOCK);
        assertThat(strict.decode(new ConsumerRecord<>("flows", 0, 0, null, value))
                        .deadLetter()
                        .getMessage())
                .contains("has " + value.length + " bytes");
        assertThat(decode(value).isValue()).isTrue();
    }

    @Test
    void aRecordIsReadAfterABadOne() {
        decode(framed(1, (byte) 2));
        assertThat(decode(encoder.encode(flow())).value()).isEqualTo(flow());
    }

    @Test
    void aLengthOfGigabytesIsRefusedBeforeAnythingIsAllocated() {
        byte[] twoGigabytes = {(byte) 0xf0, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15, 0, 0};
        assertDead(framed(1, twoGigabytes), DeadLetterReason.INVALID_RECORD, "bytes are left");
    }

    @Test
    void aWriterWithFewerFieldsIsReadWithDefaults() {
        Schema full = FlowRecord.getClassSchema();
        Schema older = Schema.createRecord(full.getName(), full.getDoc(), full.getNamespace(), false);
        older.setFields(full.getFields().stream()
                .filter(field -> !field.hasDefaultValue())
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
        int id = client.put(older.toString());
        byte[] value = encode(older, id);
        assertThat(decode(value).value().getSourceAddress()).isEqualTo("10.9.8.7");
        assertThat(decode(value).value().getBytesIn()).isNull();
    }

    private static byte[] encode(Schema schema, int id) {
        var record = new org.apache.avro.generic.GenericData.Record(schema);
        schema.getFields()
                .forEach(field -> record.put(
                        field.name(),
                        switch (field.schema().getType()) {
                            case STRING -> "10.9.8.7";
                            case LONG -> 5L;
                            default -> 6;
                        }));
        try (var out = new java.io.ByteArrayOutputStream()) {
            out.write(WireFormat.header(id));
            var binary = org.apache.avro.io.EncoderFactory.get().binaryEncoder(out, null);
            new org.apache.avro.generic.GenericDatumWriter<>(schema).write(record, binary);
            binary.flush();
            return out.toByteArray();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void randomBytesUnderAKnownSchemaNeverThrow() {
        Random random = new Random(7);
        byte[] whole = encoder.encode(flow());
        for (int i = 0; i < 50_000; i++) {
            byte[] value = whole.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                value[5 + random.nextInt(value.length - 5)] = (byte) random.nextInt();
            }
            assertThat(decode(value)).isNotNull();
        }
    }

    @Test
    void aSchemaThatCannotBeReadAsOursIsIncompatible() {
        int id = client.put(SchemaBuilder.record("FlowRecord")
                .namespace("io.millrace.schemas")
                .fields()
                .requiredInt("flow_id")
                .endRecord()
                .toString());
        assertDead(framed(id, (byte) 2), DeadLetterReason.INCOMPATIBLE_SCHEMA, "cannot be read as");
    }

    @Test
    void aRegistryThatIsAwayIsWaitedForAndIsNoFaultOfTheRecord() {
        byte[] value = encoder.encode(flow());
        FakeRegistryClient other = new FakeRegistryClient();
        other.put(client.registry().schemaById(1).toString());
        other.beAwayFor(5);
        RecordDecoder<FlowRecord> patient =
                new RecordDecoder<>(FlowRecord.class, "intrusion", other.registry(), RecordLimits.USUAL, CLOCK);
        assertThat(patient.decode(new ConsumerRecord<>("flows", 0, 0, null, value))
                        .isValue())
                .isTrue();
        assertThat(other.requests()).isEqualTo(6);

        other.beAwayFor(Integer.MAX_VALUE);
        RecordDecoder<FlowRecord> hurried = new RecordDecoder<>(
                FlowRecord.class, "intrusion", other.registry("outage.limit.ms", "20"), RecordLimits.USUAL, CLOCK);
        assertThatThrownBy(() -> hurried.decode(new ConsumerRecord<>("flows", 0, 0, null, value)))
                .isInstanceOf(RegistryException.Outage.class);
    }

    @Test
    void aTimeToComeOrOneBefore1970IsGivenUpWithItsBytes() {
        RecordDecoder<FlowRecord> strict = new RecordDecoder<>(
                FlowRecord.class,
                "intrusion",
                registry,
                RecordLimits.USUAL,
                new EventTime<>(flow -> flow.getEndTime().toEpochMilli(), Duration.ofMinutes(5)),
                CLOCK);
        Instant now = CLOCK.instant();
        for (Instant fine : List.of(now.plusSeconds(300), now, now.minus(Duration.ofDays(3650)), Instant.EPOCH)) {
            assertThat(strict.decode(record(ending(fine))).isValue())
                    .as("%s", fine)
                    .isTrue();
        }
        for (Instant wrong : List.of(
                now.plusMillis(300_001),
                Instant.parse("2199-12-31T23:59:59Z"),
                Instant.ofEpochMilli(Long.MAX_VALUE),
                Instant.ofEpochMilli(-1),
                Instant.ofEpochMilli(Long.MIN_VALUE))) {
            ConsumerRecord<byte[], byte[]> record = record(ending(wrong));
            DeadLetter letter = strict.decode(record).deadLetter();
            assertThat(letter.getReason()).isEqualTo(DeadLetterReason.IMPLAUSIBLE_TIME);
            assertThat(letter.getMessage()).contains(wrong.toString()).contains("intrusion.max-ahead");
            assertThat(letter.getValue().array()).isEqualTo(record.value());
            assertThat(letter.getOffset()).isEqualTo(42);
        }
    }

    private byte[] ending(Instant end) {
        FlowRecord flow = flow();
        flow.setEndTime(end);
        return encoder.encode(flow);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
        return new ConsumerRecord<>("flows", 3, 42L, new byte[0], value);
    }
}
