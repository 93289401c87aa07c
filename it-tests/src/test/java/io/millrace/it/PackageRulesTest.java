package io.millrace.it;

import java.util.List;
import java.util.Optional;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.millrace.jobs.stage.StageCatalogue;
import org.apache.avro.specific.AvroGenerated;
import org.apiguardian.api.API;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/** What holds between the packages of all modules. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageRulesTest {

    private static final String INTERNAL = ".internal";
    /** They measure the stages, each by name. */
    private static final String BENCHES = "io.millrace.bench";

    /** The package that a type belongs to; an internal one belongs to that above it. */
    private static String open(JavaClass type) {
        String name = type.getPackageName();
        int internal = name.indexOf(INTERNAL);
        return internal < 0 ? name : name.substring(0, internal);
    }

    @ArchTest
    static final ArchRule NO_CIRCLES = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return SliceIdentifier.of(open(type));
                }

                @Override
                public String getDescription() {
                    return "packages, each with its internal one";
                }
            })
            .should()
            .beFreeOfCycles()
            .because("a package that needs one that needs it is one package; move what both need below them");

    @ArchTest
    static final ArchRule INTERNAL_IS_CLOSED = classes()
            .that(DescribedPredicate.describe(
                    "are internal", type -> type.getPackageName().contains(INTERNAL)))
            .should(new ArchCondition<>("be used by the package that they belong to only") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    String owner = open(type);
                    for (Dependency use : type.getDirectDependenciesToSelf()) {
                        String user = use.getOriginClass().getPackageName();
                        if (!user.equals(owner) && !user.startsWith(owner + ".")) {
                            events.add(SimpleConditionEvent.violated(type, use.getDescription()));
                        }
                    }
                }
            })
            .because("others must be able to rely on what they use; move what they need into the public package");

    /** The stages that ship; each has its folders in the modules, named after it. */
    private static final List<String> STAGES = StageCatalogue.found().names().stream()
            .filter(name -> !name.equals("sensor"))
            .toList();

    /** The stage whose folder a type lies in; none for what is shared. */
    private static Optional<String> stage(JavaClass type) {
        List<String> parts = List.of(type.getPackageName().split("\\."));
        return parts.size() < 4
                ? Optional.empty()
                : STAGES.stream().filter(parts.get(3)::equals).findFirst();
    }

    @ArchTest
    static final ArchRule STAGES_ARE_APART = classes()
            .that(DescribedPredicate.describe(
                    "are of a stage", type -> stage(type).isPresent()))
            .should(new ArchCondition<>("be used by that stage alone") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    for (Dependency use : type.getDirectDependenciesToSelf()) {
                        JavaClass user = use.getOriginClass();
                        if (!user.getPackageName().startsWith(BENCHES)
                                && !stage(user).equals(stage(type))) {
                            events.add(SimpleConditionEvent.violated(type, use.getDescription()));
                        }
                    }
                }
            })
            .because("a stage must come and go by its folders alone; lift what others need into a shared package"
                    + " (models.training, models.evaluation, operators.inference, ...), or have it found by `Stage`");

    @ArchTest
    static void whatTheExampleStageUsesSaysHowStableItIs(JavaClasses ignored) {
        JavaClasses example = new ClassFileImporter()
                .withImportOption(location -> !location.contains("IT"))
                .importPackages("io.millrace.it.sensor");
        assertThat(example).isNotEmpty();
        classes()
                .should(new ArchCondition<>("use of Millrace what bears @API") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (Dependency use : type.getDirectDependenciesFromSelf()) {
                            if (needsStability(use.getTargetClass())) {
                                events.add(SimpleConditionEvent.violated(type, use.getDescription()));
                            }
                        }
                    }
                })
                .because("whoever adds a stage must know what may change under it; annotate it, or spare them the use")
                .check(example);
    }

    /** What is generated from a schema is as stable as its topic. */
    private static boolean needsStability(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getPackageName().startsWith("io.millrace")
                && !outer.getPackageName().startsWith("io.millrace.it")
                && !outer.isAnnotatedWith(AvroGenerated.class)
                && !outer.isAnnotatedWith(API.class);
    }

    @ArchTest
    static final ArchRule WHAT_STAGES_IMPLEMENT_SAYS_HOW_STABLE_IT_IS = classes()
            .that()
            .arePublic()
            .and()
            .resideInAnyPackage(
                    "io.millrace.models.streaming", "io.millrace.jobs.stage", "io.millrace.operators.inference")
            .and(DescribedPredicate.describe(
                    "are interfaces or abstract",
                    type -> type.isInterface() || type.getModifiers().contains(JavaModifier.ABSTRACT)))
            .and()
            .areTopLevelClasses()
            .should()
            .beAnnotatedWith(API.class)
            .because("a stage implements them: it must know what may change under it");
}
