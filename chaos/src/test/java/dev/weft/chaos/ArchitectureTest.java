package dev.weft.chaos;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
final class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.weft.chaos");

    /** What the checker says of the product means something only while it is not the product that says it. */
    @Test
    void theCheckerSharesNoCodeWithTheProduct() {
        classes()
                .that()
                .resideInAPackage("dev.weft.chaos.check..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.weft.chaos.check..",
                        "dev.weft.chaos.ledger..",
                        "java..",
                        "com.google.gson..",
                        "org.apache.kafka..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void theLedgerKnowsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("dev.weft.chaos.ledger..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.weft.chaos.ledger..", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void thePlanIsAValueOfItsSeed() {
        classes()
                .that()
                .resideInAPackage("dev.weft.chaos.plan..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.weft.chaos.plan..", "java..", "org.jspecify..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.weft.chaos.plan..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callConstructor(java.util.Random.class)
                .check(CLASSES);
    }
}
