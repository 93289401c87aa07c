package io.millrace.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every schema that was ever shipped lies in the folder {@code compatible} as {@code Record.N.avsc} and is never changed
 * there: what was written with it must be readable for ever.
 */
class SchemaCompatibilityTest {

    /** A schema as it was shipped, with the one of today. */
    record Shipped(int version, Schema then, Schema now, boolean newest) {
        @Override
        public String toString() {
            return now.getName() + " " + version;
        }
    }

    static Stream<Shipped> shipped() {
        return Stream.of(
                        Alert.getClassSchema(),
                        FeatureSample.getClassSchema(),
                        Detection.getClassSchema(),
                        FlowRecord.getClassSchema(),
                        Transcript.getClassSchema())
                .flatMap(now -> {
                    int versions = 0;
                    while (SchemaCompatibilityTest.class.getResource(path(now, versions + 1)) != null) {
                        versions++;
                    }
                    assertThat(versions)
                            .as("shipped schemas of %s", now.getName())
                            .isPositive();
                    int newest = versions;
                    return IntStream.rangeClosed(1, versions)
                            .mapToObj(version -> new Shipped(version, read(now, version), now, version == newest));
                });
    }

    private static String path(Schema schema, int version) {
        return "compatible/" + schema.getName() + "." + version + ".avsc";
    }

    private static Schema read(Schema schema, int version) {
        try (InputStream in = SchemaCompatibilityTest.class.getResourceAsStream(path(schema, version))) {
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void whatWasWrittenWithAnEarlierSchemaCanBeRead(Shipped schema) {
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(schema.now(), schema.then());
        assertThat(compatibility.getType())
                .as(() -> compatibility.getResult().getIncompatibilities().toString())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void aChangedSchemaIsAddedToTheShippedOnes(Shipped schema) {
        if (schema.newest()) {
            assertThat(SchemaNormalization.toParsingForm(schema.now()))
                    .as(
                            "after a change put the schema of today beside the others, as %s",
                            path(schema.now(), schema.version() + 1))
                    .isEqualTo(SchemaNormalization.toParsingForm(schema.then()));
        }
    }
}
