package io.millrace.it;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** The dependencies between modules that the architecture allows, and no others. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleArrowsTest {

    private static final String MODELS = "io.millrace.models..";
    private static final String OPERATORS = "io.millrace.operators..";
    private static final String CONNECTORS = "io.millrace.connectors..";
    private static final String SIMULATORS = "io.millrace.simulators..";
    private static final String JOBS = "io.millrace.jobs..";
    private static final String TESTS = "io.millrace.it..";
    private static final String SCHEMAS = "io.millrace.schemas..";
    private static final String KAFKA = "org.apache.kafka..";

    @ArchTest
    static final ArchRule SCHEMAS_STAND_ALONE = noClasses()
            .that()
            .resideInAPackage(SCHEMAS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MODELS, OPERATORS, CONNECTORS, SIMULATORS, JOBS, TESTS, "org.apache.flink..", KAFKA)
            .because("schemas hold contracts only; put code that uses them into the module that needs it");

    @ArchTest
    static final ArchRule MODELS_KNOW_TENSORS_ONLY = noClasses()
            .that()
            .resideInAPackage(MODELS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    SCHEMAS,
                    OPERATORS,
                    CONNECTORS,
                    SIMULATORS,
                    JOBS,
                    TESTS,
                    "org.apache.flink..",
                    KAFKA,
                    "org.apache.avro..")
            .because("models take tensors and plain values; turn records into those in operators");

    @ArchTest
    static final ArchRule OPERATORS_KNOW_NO_KAFKA = noClasses()
            .that()
            .resideInAPackage(OPERATORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONNECTORS, SIMULATORS, JOBS, TESTS, KAFKA)
            .because("operators are transport-neutral; read and write in connectors, wire both in flink-jobs");

    @ArchTest
    static final ArchRule CONNECTORS_KNOW_NO_MODELS = noClasses()
            .that()
            .resideInAPackage(CONNECTORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MODELS, OPERATORS, SIMULATORS, JOBS, TESTS, "ai.djl..")
            .because("connectors turn bytes into records; what a model makes of them belongs in operators");

    @ArchTest
    static final ArchRule SIMULATORS_MAKE_INPUT_ONLY = noClasses()
            .that()
            .resideInAPackage(SIMULATORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MODELS, OPERATORS, JOBS, TESTS)
            .because("simulators make input streams; let flink-jobs connect them with a job");

    @ArchTest
    static final ArchRule JOBS_DO_NOT_KNOW_THEIR_TESTS = noClasses()
            .that()
            .resideInAPackage(JOBS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TESTS)
            .because("benchmarks add themselves to the command line through Millrace.CommandProvider");
}
