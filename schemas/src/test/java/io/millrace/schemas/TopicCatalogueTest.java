package io.millrace.schemas;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TopicCatalogueTest {
    static Stream<Topic> topics() {
        return TopicCatalogue.all().stream();
    }

    @Test
    void namesAreUnique() {
        assertThat(TopicCatalogue.all()).extracting(Topic::name).doesNotHaveDuplicates();
    }

    @Test
    void aTopicIsFoundByItsNameAndAnUnknownNameIsRefused() {
        assertThat(TopicCatalogue.named("millrace.intrusion.alerts")).isSameAs(TopicCatalogue.ALERTS);
        assertThatThrownBy(() -> TopicCatalogue.named("nonsense")).hasMessageContaining("nonsense");
    }

    @Test
    void releasesAreCompactedAlertsTooButNotForEverAndNothingElse() {
        assertThat(TopicCatalogue.all())
                .filteredOn(topic -> topic.cleanup().policy().contains("compact"))
                .containsExactlyInAnyOrder(
                        TopicCatalogue.ALERTS, TopicCatalogue.SPEECH_ALERTS, TopicCatalogue.MODEL_RELEASES);
        assertThat(TopicCatalogue.all())
                .filteredOn(topic -> topic.cleanup() == Topic.Cleanup.COMPACT)
                .containsExactly(TopicCatalogue.MODEL_RELEASES);
        assertThat(TopicCatalogue.ALERTS.cleanup().policy()).isEqualTo("compact,delete");
    }

    @Test
    void everyStageHasATopicOfAlertsAndOneOfSamplesOfTheSameShape() {
        assertThat(TopicCatalogue.alertsOf("intrusion")).isSameAs(TopicCatalogue.ALERTS);
        assertThat(TopicCatalogue.alertsOf("speech")).isSameAs(TopicCatalogue.SPEECH_ALERTS);
        assertThat(TopicCatalogue.SPEECH_ALERTS.withName(TopicCatalogue.ALERTS.name()))
                .isEqualTo(TopicCatalogue.ALERTS);
        assertThat(TopicCatalogue.SPEECH_FEATURES.withName(TopicCatalogue.FEATURES.name()))
                .isEqualTo(TopicCatalogue.FEATURES);
        assertThatThrownBy(() -> TopicCatalogue.alertsOf("cameras"))
                .hasMessage("no stage cameras gives alerts; those that do: intrusion, speech");
    }

    @ParameterizedTest
    @MethodSource("topics")
    void theSchemaLoadsAndSaysWhatEveryFieldMeans(Topic topic) {
        Schema schema = topic.valueSchema();
        assertThat(schema.getFullName()).isEqualTo(topic.valueType().getName());
        assertThat(undocumented(schema, "", new HashSet<>())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void everyEnumHasADefaultSoThatNewSymbolsDoNotBreakOldReaders(Topic topic) {
        assertThat(enums(topic.valueSchema(), new HashSet<>()))
                .allSatisfy(each -> assertThat(each.getEnumDefault()).isEqualTo("UNKNOWN"));
    }

    private static List<String> undocumented(Schema schema, String path, Set<String> seen) {
        return switch (schema.getType()) {
            case RECORD -> {
                if (!seen.add(schema.getFullName())) {
                    yield List.of();
                }
                yield Stream.concat(
                                blank(schema.getDoc()) ? Stream.of(path + schema.getName()) : Stream.empty(),
                                schema.getFields().stream()
                                        .flatMap(field -> Stream.concat(
                                                blank(field.doc()) ? Stream.of(path + field.name()) : Stream.empty(),
                                                undocumented(field.schema(), path + field.name() + "/", seen)
                                                        .stream())))
                        .toList();
            }
            case ENUM -> blank(schema.getDoc()) ? List.of(path + schema.getName()) : List.of();
            case ARRAY -> undocumented(schema.getElementType(), path, seen);
            case MAP -> undocumented(schema.getValueType(), path, seen);
            case UNION ->
                schema.getTypes().stream()
                        .flatMap(type -> undocumented(type, path, seen).stream())
                        .toList();
            default -> List.of();
        };
    }

    private static List<Schema> enums(Schema schema, Set<String> seen) {
        return switch (schema.getType()) {
            case RECORD ->
                seen.add(schema.getFullName())
                        ? schema.getFields().stream()
                                .flatMap(field -> enums(field.schema(), seen).stream())
                                .toList()
                        : List.of();
            case ENUM -> List.of(schema);
            case ARRAY -> enums(schema.getElementType(), seen);
            case MAP -> enums(schema.getValueType(), seen);
            case UNION ->
                schema.getTypes().stream()
                        .flatMap(type -> enums(type, seen).stream())
                        .toList();
            default -> List.of();
        };
    }

    private static boolean blank(String doc) {
        return doc == null || doc.isBlank();
    }
}
