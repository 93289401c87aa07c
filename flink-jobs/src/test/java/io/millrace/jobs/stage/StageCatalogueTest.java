package io.millrace.jobs.stage;

import java.util.List;
import java.util.Set;

import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StageCatalogueTest {
    private static final PlainStage TEA = new PlainStage("tea");
    private static final PlainStage RICE = new PlainStage("rice-2");
    private static final StageCatalogue BOTH = new StageCatalogue(List.of(TEA, RICE));

    @Test
    void stagesAreFoundByNameInTheirOrder() {
        assertThat(BOTH.names()).containsExactly("tea", "rice-2");
        assertThat(BOTH.named("rice-2")).contains(RICE);
        assertThat(BOTH.named("coffee")).isEmpty();
        assertThat(new StageCatalogue(List.of()).stages()).isEmpty();
    }

    @Test
    void twoStagesOfOneNameAreRefusedWithBoth() {
        assertThatThrownBy(() -> new StageCatalogue(List.of(TEA, new PlainStage("tea"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("two stages are called tea: io.millrace.jobs.stage.PlainStage and"
                        + " io.millrace.jobs.stage.PlainStage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Tea", "tea time", "tea_time", "2tea", "tea-", "thé", "a/b"})
    void aNameThatCannotStandInTopicsAndOnTheCommandLineIsRefused(String name) {
        assertThatThrownBy(() -> new StageCatalogue(List.of(new PlainStage(name))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a stage's name is lower-case letters, digits and hyphens, not '" + name
                        + "' (io.millrace.jobs.stage.PlainStage)");
    }

    /** Its section of a configuration file would never be read. */
    @ParameterizedTest
    @ValueSource(strings = {"name", "kafka", "registry", "flink", "delivery"})
    void aNameThatEveryConfigurationUsesOtherwiseIsRefused(String name) {
        assertThatThrownBy(() -> new StageCatalogue(List.of(new PlainStage(name))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a stage cannot be called " + name
                        + ": every configuration has a key of that name (io.millrace.jobs.stage.PlainStage)");
    }

    @Test
    void aTopicThatStagesShareIsThereOnce() {
        assertThat(BOTH.topics())
                .extracting(Topic::name)
                .containsExactly(
                        IntrusionTopics.FLOWS.name(),
                        "millrace.tea.dlq",
                        CommonTopics.RELEASES.name(),
                        "millrace.rice-2.dlq");
    }

    @Test
    void aTopicIsFoundByItsRole() {
        assertThat(BOTH.topic("tea", "dead-letters").map(Topic::name)).contains("millrace.tea.dlq");
        assertThat(BOTH.topic("tea", "alerts")).isEmpty();
        assertThat(BOTH.topic("coffee", "dead-letters")).isEmpty();
    }

    @Test
    void aSectionTakesTheRolesOfItsStage() {
        assertThat(BOTH.sections()).extracting(section -> section.name()).containsExactly("tea", "rice-2");
        assertThat(TEA.section().roles()).isEqualTo(Set.of("flows", "dead-letters", "releases"));
    }

    @Test
    void theStagesOfThisBuildHaveTopicsBesideAndCommandsUnderVerbs() {
        StageCatalogue found = StageCatalogue.found();
        assertThat(found.names()).contains("intrusion", "speech");
        assertThat(found.topic("intrusion", IntrusionTopics.FEEDBACK.role()))
                .as("beside the job")
                .contains(IntrusionTopics.FEEDBACK);
        assertThat(found.commands(Verb.TRAIN)).hasSizeGreaterThanOrEqualTo(2);
        assertThatThrownBy(() -> StageCommand.under(null, new Object())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> StageCommand.alone(null)).isInstanceOf(NullPointerException.class);
        assertThat(Verb.TRAIN.word()).isEqualTo("train");
    }
}
