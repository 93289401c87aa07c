package io.millrace.it;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** What holds between the packages of all modules. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageRulesTest {

    private static final String INTERNAL = ".internal";

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
}
