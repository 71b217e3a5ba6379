package dev.weft.node.nativelib;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.weft.node.netns.NamespaceThreads;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Where native code may be reached from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NativeBoundariesTest {

    private static final String BASE = "dev.weft.node";

    private JavaClasses classes = new ClassFileImporter().importClasses();

    @BeforeAll
    void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(BASE);
    }

    @Test
    void onlyTheLibrariesPackageKnowsForeignMemory() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".nativelib")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(classes);
    }

    @Test
    void onlyNamespaceThreadsChangesAThreadsNamespace() {
        for (String method : new String[] {"enterNetworkNamespace", "enterNewNetworkNamespace"}) {
            noClasses()
                    .that()
                    .doNotBelongToAnyOf(NamespaceThreads.class)
                    .should()
                    .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.name(method)))
                    .check(classes);
        }
    }

    @Test
    void theKernelIsReachedWithoutAProcess() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        BASE + ".dataplane..", BASE + ".netns", BASE + ".sysctl", BASE + ".probe", BASE + ".nativelib")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class, Runtime.class)
                .check(classes);
    }

    @Test
    void thePackagesOfRtnetlinkHaveNoCycle() {
        slices().matching(BASE + ".dataplane.(**)").should().beFreeOfCycles().check(classes);
    }
}
