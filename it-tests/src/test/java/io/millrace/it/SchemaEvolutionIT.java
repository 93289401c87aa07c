package io.millrace.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import io.millrace.connectors.registry.RegistryException;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every schema of the catalogue, evolved both ways against the real registry. */
@ExtendWith(LocalInfrastructure.class)
class SchemaEvolutionIT {
    private final LocalInfrastructure local = new LocalInfrastructure();
    private final SchemaRegistry registry = SchemaRegistry.connect(local.registryConfig());

    static Stream<Topic<?>> topics() {
        return StageCatalogue.found().topics().stream();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void aFieldWithADefaultIsAcceptedAndEachSideReadsTheOther(Topic<?> topic) throws IOException {
        String subject = subject(topic);
        Schema old = topic.valueSchema();
        Schema added = withField(old, "\"none\"");
        int oldId = registry.idFor(subject, old);
        assertThat(registry.incompatibilities(subject, added)).isEmpty();
        int newId = registry.idFor(subject, added);
        assertThat(newId).isNotEqualTo(oldId);

        SchemaRegistry elsewhere = SchemaRegistry.connect(local.registryConfig());
        GenericRecord upgraded = rewrite(elsewhere.schemaById(oldId), added);
        assertThat(upgraded.get("added_later").toString()).isEqualTo("none");
        GenericRecord downgraded = rewrite(elsewhere.schemaById(newId), old);
        assertThat(downgraded.getSchema()).isEqualTo(old);
    }

    @ParameterizedTest
    @MethodSource("topics")
    void aFieldWithoutADefaultIsRefusedWithTheReason(Topic<?> topic) {
        String subject = subject(topic);
        Schema old = topic.valueSchema();
        Schema required = withField(old, null);
        registry.idFor(subject, old);
        assertThat(registry.incompatibilities(subject, required)).isNotEmpty();
        assertThatThrownBy(() -> registry.idFor(subject, required))
                .isInstanceOf(RegistryException.Rejected.class)
                .hasMessageContaining(subject)
                .hasMessageMatching("(?s).*(added_later|READER_FIELD_MISSING_DEFAULT_VALUE).*");
    }

    @ParameterizedTest
    @MethodSource("topics")
    void aFieldAddedWithADefaultMayGoAgain(Topic<?> topic) {
        String subject = subject(topic);
        registry.idFor(subject, withField(topic.valueSchema(), "\"none\""));
        assertThat(registry.incompatibilities(subject, topic.valueSchema())).isEmpty();
    }

    @Test
    void aChangedTypeIsRefused() {
        Topic<?> topic = IntrusionTopics.FLOWS;
        String subject = subject(topic);
        registry.idFor(subject, topic.valueSchema());
        Schema changed = new Schema.Parser()
                .parse(topic.valueSchema()
                        .toString()
                        .replace(
                                "\"name\":\"protocol\",\"type\":\"int\"",
                                "\"name\":\"protocol\",\"type\":\"boolean\""));
        assertThat(changed).isNotEqualTo(topic.valueSchema());
        assertThatThrownBy(() -> registry.idFor(subject, changed)).isInstanceOf(RegistryException.Rejected.class);
    }

    @Test
    void lookUpOnlyRefusesToRegisterAndFindsWhatIsThere() {
        String subject = subject(IntrusionTopics.FLOWS);
        Schema schema = IntrusionTopics.FLOWS.valueSchema();
        SchemaRegistry readOnly = SchemaRegistry.connect(local.registryConfig().with("registration", "lookup-only"));
        assertThatThrownBy(() -> readOnly.idFor(subject, schema))
                .isInstanceOf(RegistryException.Rejected.class)
                .hasMessageContaining("lookup-only");
        int id = registry.idFor(subject, schema);
        assertThat(readOnly.idFor(subject, schema)).isEqualTo(id);
    }

    private static String subject(Topic<?> topic) {
        return topic.name() + "." + UUID.randomUUID() + "-value";
    }

    private static Schema withField(Schema schema, String defaultJson) {
        List<Schema.Field> fields = new ArrayList<>();
        schema.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        Schema text = Schema.create(Schema.Type.STRING);
        fields.add(
                defaultJson == null
                        ? new Schema.Field("added_later", text, "A field of a later version.")
                        : new Schema.Field(
                                "added_later", text, "A field of a later version.", defaultJson.replace("\"", "")));
        return Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
    }

    private static GenericRecord rewrite(Schema writer, Schema reader) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        for (Object record : new RandomData(writer, 1, 42L)) {
            new GenericDatumWriter<>(writer).write(record, encoder);
        }
        encoder.flush();
        return new GenericDatumReader<GenericRecord>(writer, reader)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }
}
