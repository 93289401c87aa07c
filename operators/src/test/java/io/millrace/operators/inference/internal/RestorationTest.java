package io.millrace.operators.inference.internal;

import java.util.List;

import io.millrace.operators.inference.CacheTransition;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RestorationTest {

    private static final ModelReference SHIPPED = model("1", "default");
    private static final ModelReference UPGRADED = model("2", "default");
    private static final ModelReference ORDERED = model("7", "/models/7");
    private static final RolloutCommand ORDER =
            new RolloutCommand("r8", model("8", "/models/8"), CacheTransition.RESET);

    private static ModelReference model(String version, String location) {
        return new ModelReference("m", version, location, "sha" + version);
    }

    private static ServingSnapshot.Generation byConfiguration(long number, ModelReference model) {
        return generation(number, model, "", ServingSnapshot.CURRENT, null);
    }

    private static ServingSnapshot.Generation byOrder(long number, ModelReference model, ModelReference before) {
        return generation(number, model, "r" + model.version(), ServingSnapshot.CURRENT, before);
    }

    private static ServingSnapshot.Generation generation(
            long number, ModelReference model, String order, long deadline, ModelReference before) {
        return new ServingSnapshot.Generation(
                number,
                model,
                "layout",
                order.isEmpty() ? ServingSnapshot.Cause.CONFIGURATION : ServingSnapshot.Cause.ORDER,
                order,
                deadline,
                List.of(number),
                before);
    }

    private static ServingSnapshot saved(ModelReference configured, ServingSnapshot.Generation... generations) {
        return new ServingSnapshot(configured, List.of(generations), null, 0, List.of(), 0);
    }

    @Test
    void aFreshStartServesWhatIsConfigured() {
        Restoration fresh = Restoration.of(List.of(), SHIPPED, 0);
        assertThat(fresh.current().model()).isEqualTo(SHIPPED);
        assertThat(fresh.current().number()).isEqualTo(1);
        assertThat(fresh.notes()).isEmpty();
    }

    @Test
    void theSameConfigurationGoesOnWithItsStates() {
        Restoration same = Restoration.of(List.of(saved(SHIPPED, byConfiguration(4, SHIPPED))), SHIPPED, 0);
        assertThat(same.current().number()).isEqualTo(4);
        assertThat(same.current().layout()).isEqualTo("layout");
        assertThat(same.notes()).isEmpty();
    }

    @Test
    void aModelFolderThatWasMovedIsTheSameModel() {
        ModelReference moved = model("1", "/elsewhere");
        Restoration same = Restoration.of(List.of(saved(SHIPPED, byConfiguration(4, SHIPPED))), moved, 0);
        assertThat(same.current().number()).isEqualTo(4);
        assertThat(same.current().model().location()).isEqualTo("/elsewhere");
    }

    @Test
    void anotherDefaultModelAfterAnUpgradeTakesOver() {
        Restoration upgraded = Restoration.of(List.of(saved(SHIPPED, byConfiguration(4, SHIPPED))), UPGRADED, 0);
        assertThat(upgraded.current().model()).isEqualTo(UPGRADED);
        assertThat(upgraded.current().number()).isEqualTo(5);
        assertThat(upgraded.current().accepted()).containsExactly(5L);
        assertThat(upgraded.notes()).singleElement().asString().contains("m:1 at default", "m:2 takes over");
    }

    @Test
    void anOrderOutlivesAnUpgradeOfTheDefaultModelButNotAnotherConfiguration() {
        List<ServingSnapshot> ordered = List.of(saved(SHIPPED, byOrder(5, ORDERED, null)));
        Restoration upgraded = Restoration.of(ordered, UPGRADED, 0);
        assertThat(upgraded.current().model()).isEqualTo(ORDERED);
        assertThat(upgraded.current().number()).isEqualTo(5);
        assertThat(upgraded.notes()).singleElement().asString().contains("order r7");
        Restoration configured = Restoration.of(ordered, model("9", "/models/9"), 0);
        assertThat(configured.current().model().version()).isEqualTo("9");
        assertThat(configured.current().number()).isEqualTo(6);
        assertThat(configured.notes()).singleElement().asString().contains("newer than order r7");
        Restoration adopted = Restoration.of(ordered, ORDERED, 0);
        assertThat(adopted.current().number()).isEqualTo(5);
    }

    @Test
    void theHighestGenerationOfAnySubtaskServesAndWhatAnyAcceptsIsAccepted() {
        ServingSnapshot.Generation migrated = new ServingSnapshot.Generation(
                2,
                ORDERED,
                "layout",
                ServingSnapshot.Cause.ORDER,
                "r7",
                ServingSnapshot.CURRENT,
                List.of(1L, 2L),
                null);
        Restoration restored = Restoration.of(
                List.of(
                        saved(SHIPPED, byConfiguration(1, SHIPPED)),
                        saved(SHIPPED, migrated),
                        saved(SHIPPED, byOrder(2, ORDERED, null))),
                SHIPPED,
                0);
        assertThat(restored.current().model()).isEqualTo(ORDERED);
        assertThat(restored.current().accepted()).containsExactly(1L, 2L);
    }

    @Test
    void drainingGenerationsKeepTheLatestDeadline() {
        Restoration restored = Restoration.of(
                List.of(
                        saved(SHIPPED, byOrder(2, ORDERED, null), generation(1, SHIPPED, "", 500, null)),
                        saved(SHIPPED, byOrder(2, ORDERED, null), generation(1, SHIPPED, "", 700, null))),
                SHIPPED,
                0);
        assertThat(restored.draining()).singleElement().satisfies(old -> {
            assertThat(old.number()).isEqualTo(1);
            assertThat(old.deadline()).isEqualTo(700);
        });
    }

    @Test
    void anOrderUnderWayGoesOnWithItsAttemptsAndFailuresOfTheTaskCount() {
        ServingSnapshot one =
                new ServingSnapshot(SHIPPED, List.of(byConfiguration(1, SHIPPED)), ORDER, 1, List.of("r8"), 4);
        ServingSnapshot other = saved(SHIPPED, byConfiguration(1, SHIPPED));
        assertThat(Restoration.of(List.of(other, one), SHIPPED, 4).order().attempts())
                .as("a restart by hand")
                .isZero();
        Restoration failed = Restoration.of(List.of(other, one), SHIPPED, 6);
        assertThat(failed.order().command()).isEqualTo(ORDER);
        assertThat(failed.order().attempts()).as("killed while loading, twice").isEqualTo(2);
        assertThat(failed.known()).containsExactly("r8");
    }

    @Test
    void anOrderThatOneSubtaskHasCarriedOutIsNotUnderWay() {
        ServingSnapshot swapped = saved(SHIPPED, generation(2, ORDER.model(), "r8", ServingSnapshot.CURRENT, null));
        ServingSnapshot notYet =
                new ServingSnapshot(SHIPPED, List.of(byConfiguration(1, SHIPPED)), ORDER, 1, List.of("r8"), 0);
        Restoration restored = Restoration.of(List.of(notYet, swapped), SHIPPED, 0);
        assertThat(restored.current().model()).isEqualTo(ORDER.model());
        assertThat(restored.order()).isNull();
    }

    @Test
    void anotherConfigurationEndsAnOrderUnderWay() {
        ServingSnapshot waiting =
                new ServingSnapshot(SHIPPED, List.of(byConfiguration(1, SHIPPED)), ORDER, 0, List.of("r8"), 0);
        Restoration restored = Restoration.of(List.of(waiting), model("9", "/models/9"), 0);
        assertThat(restored.order()).isNull();
        assertThat(restored.known()).containsExactly("r8");
    }

    @Test
    void aYoungModelWithWhichTheTaskFailsAgainAndAgainIsWithdrawn() {
        List<ServingSnapshot> young = List.of(saved(SHIPPED, byOrder(2, ORDERED, SHIPPED)));
        assertThat(Restoration.of(young, SHIPPED, Restoration.MOST_YOUNG_FAILURES - 1)
                        .current()
                        .model())
                .isEqualTo(ORDERED);
        Restoration withdrawn = Restoration.of(young, SHIPPED, Restoration.MOST_YOUNG_FAILURES);
        assertThat(withdrawn.current().model()).isEqualTo(SHIPPED);
        assertThat(withdrawn.current().number()).isEqualTo(3);
        assertThat(withdrawn.notes()).singleElement().asString().contains("withdrawn");
        List<ServingSnapshot> proven = List.of(saved(SHIPPED, byOrder(2, ORDERED, null)));
        assertThat(Restoration.of(proven, SHIPPED, 50).current().model()).isEqualTo(ORDERED);
    }
}
