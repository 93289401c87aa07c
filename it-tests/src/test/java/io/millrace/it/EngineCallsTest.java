package io.millrace.it;

import java.nio.Buffer;
import java.util.List;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** Calls of the engine that must not be made. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class EngineCallsTest {

    @ArchTest
    static final ArchRule NOTHING_MAKES_LIBTORCH_WARN = noClasses()
            .should()
            .callMethodWhere(
                    DescribedPredicate.describe("an array is overwritten through the host", EngineCallsTest::warns))
            .because("libtorch warns of it on the terminal; use ArrayCopy.into, or make a new array");

    private static boolean warns(JavaMethodCall call) {
        if (!call.getTargetOwner().isAssignableTo(NDArray.class)) {
            return false;
        }
        List<JavaClass> parameters = call.getTarget().getRawParameterTypes();
        return switch (call.getName()) {
            case "copyTo" -> true;
            case "set" ->
                parameters.size() == 1
                        && (parameters.get(0).isAssignableTo(Buffer.class)
                                || parameters.get(0).isArray());
            default -> false;
        };
    }
}
