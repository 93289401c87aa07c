package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TopicsTest {
    static Stream<Topic<?>> topics() {
        return Stream.of(
                        IntrusionTopics.ofTheJob(),
                        IntrusionTopics.besideTheJob(),
                        SpeechTopics.ofTheJob(),
                        SpeechTopics.besideTheJob())
                .<Topic<?>>flatMap(List::stream)
                .distinct();
    }

    @Test
    void namesAreUnique() {
        assertThat(topics().map(Topic::name)).doesNotHaveDuplicates();
    }

    @Test
    void rolesOfAStageAreUnique() {
        assertThat(IntrusionTopics.ofTheJob().stream().map(Topic::role)).doesNotHaveDuplicates();
        assertThat(SpeechTopics.ofTheJob().stream().map(Topic::role)).doesNotHaveDuplicates();
    }

    @Test
    void releasesAreCompactedAlertsTooButNotForEverAndNothingElse() {
        assertThat(topics())
                .filteredOn(topic -> topic.cleanup().policy().contains("compact"))
                .extracting(Topic::name)
                .containsExactlyInAnyOrder(
                        "millrace.intrusion.alerts", "millrace.speech.alerts", "millrace.models.releases");
        assertThat(CommonTopics.RELEASES.cleanup().policy()).isEqualTo("compact");
        assertThat(IntrusionTopics.ALERTS.cleanup().policy()).isEqualTo("compact,delete");
    }

    @Test
    void aRecordIsKeyedAndDatedAsItsTopicSays() {
        FlowRecord flow = new FlowRecord();
        flow.setSourceAddress("10.0.0.1");
        flow.setEndTime(Instant.ofEpochMilli(1234));
        assertThat(IntrusionTopics.FLOWS.keys().keyOf(flow)).isEqualTo("10.0.0.1".getBytes(UTF_8));
        assertThat(IntrusionTopics.FLOWS.times().timeOf(flow)).isEqualTo(1234);
        assertThat(IntrusionTopics.ALERTS.times()).as("no event time").isNull();
        DeadLetter letter = new DeadLetter();
        assertThat(SpeechTopics.DEAD_LETTERS.keys().keyOf(letter)).isNull();
        letter.setKey(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(SpeechTopics.DEAD_LETTERS.keys().keyOf(letter)).containsExactly(1, 2);
        assertThat(letter.getKey().remaining()).as("the letter is as it was").isEqualTo(2);
        ModelRelease order = new ModelRelease();
        order.setStage("speech");
        order.setModel("m");
        assertThat(CommonTopics.RELEASES.keys().keyOf(order)).isEqualTo("speech/m".getBytes(UTF_8));
    }

    @Test
    void anotherNameIsTheSameTopicOtherwise() {
        Topic<AudioChunk> other = SpeechTopics.AUDIO.withName("calls");
        assertThat(other.name()).isEqualTo("calls");
        assertThat(other.subject()).isEqualTo("calls-value");
        assertThat(other.limits()).isEqualTo(SpeechTopics.AUDIO.limits());
        assertThat(other.role()).isEqualTo("audio");
        assertThat(SpeechTopics.AUDIO.withName("millrace.speech.audio")).isSameAs(SpeechTopics.AUDIO);
    }

    @Test
    void aTopicThatCannotBeIsRefused() {
        Topic.Builder<Alert> topic =
                Topic.of(Alert.class).setName("x").setRole("y").setRecords("z").setTextKey("id", Alert::getAlertId);
        assertThatThrownBy(topic::build).hasMessageContaining("retention of x");
        assertThatThrownBy(topic.setRetention(Duration.ZERO)::build).hasMessageContaining("must be positive");
        assertThatThrownBy(topic.setRetention(Duration.ofDays(1)).optPartitions(0)::build)
                .hasMessageContaining("partitions of x must be at least 1");
    }

    @ParameterizedTest
    @MethodSource("topics")
    void theSchemaLoadsAndSaysWhatEveryFieldMeans(Topic<?> topic) {
        Schema schema = topic.valueSchema();
        assertThat(schema.getFullName()).isEqualTo(topic.valueType().getName());
        assertThat(undocumented(schema, "", new HashSet<>())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void everyEnumHasADefaultSoThatNewSymbolsDoNotBreakOldReaders(Topic<?> topic) {
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
