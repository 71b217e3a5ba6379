package dev.weft.node;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.weft.node.exec.ExecRunner;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The boundaries of docs/architecture.md, held by the build. Those of native code are in NativeBoundariesTest. */
final class ArchitectureTest {

    private static final String ROOT = "dev.weft.node";
    private static final String RECONCILE = ROOT + ".reconcile";

    /** Of the reconciler's package what is not a function of values: the loop, its inbox, what reads back and what runs a plan. */
    private static final Set<String> LOOP =
            Set.of(RECONCILE + ".Reconciler", RECONCILE + ".Inbox", RECONCILE + ".ReadBack", RECONCILE + ".PlanRunner");

    /** Where generated messages and gRPC may be seen. */
    private static final String[] EDGES = {
        ROOT,
        ROOT + ".sync",
        ROOT + ".report",
        ROOT + ".exec",
        ROOT + ".audit",
        ROOT + ".api",
        ROOT + ".dns",
        ROOT + ".dial",
        ROOT + ".trust"
    };

    private static final String[] WIRE = {
        "io.grpc..",
        "io.netty..",
        "com.google.protobuf..",
        "dev.weft.api.v1..",
        "dev.weft.node.v1..",
        "dev.weft.trust.v1..",
        "dev.weft.sync..",
    };

    /** What talks to the world, each about one thing. */
    private static final String[] ADAPTERS = {
        ROOT + ".api",
        ROOT + ".sync",
        ROOT + ".report",
        ROOT + ".exec",
        ROOT + ".audit",
        ROOT + ".dns",
        ROOT + ".http",
        ROOT + ".metrics",
        ROOT + ".trust",
        ROOT + ".dataplane.linux",
        ROOT + ".dataplane.memory",
    };

    /** What nobody but the composition root may ask for. */
    private static final String[] PUT_TOGETHER = {
        ROOT + ".api",
        ROOT + ".exec",
        ROOT + ".audit",
        ROOT + ".report",
        ROOT + ".http",
        ROOT + ".metrics",
        ROOT + ".dataplane.linux",
    };

    private static final Set<String> IMPURE_CALLS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.Math.random",
            "java.time.Instant.now",
            "java.util.UUID.randomUUID");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // The generated messages of dev.weft.node.v1 come from another module.
            .withImportOption(location -> !location.contains("/dev/weft/node/v1/"))
            .importPackages(ROOT);

    private static DescribedPredicate<JavaClass> theCore() {
        return resideInAnyPackage(ROOT + ".model", ROOT + ".kernel", ROOT + ".names")
                .or(resideInAPackage(RECONCILE).and(describe("are not the loop", type -> !isOfTheLoop(type))));
    }

    private static boolean isOfTheLoop(JavaClass type) {
        String name = type.getFullName();
        int inner = name.indexOf('$');
        return LOOP.contains(inner < 0 ? name : name.substring(0, inner));
    }

    @Test
    void whatDecidesKnowsOnlyValues() {
        classes()
                .that(theCore())
                .should()
                .onlyDependOnClassesThat(theCore()
                        .or(resideInAnyPackage(
                                "dev.weft.net",
                                "java.lang..",
                                "java.nio.charset",
                                "java.time..",
                                "java.util",
                                "java.util.function..",
                                "java.util.stream..",
                                "java.util.regex..",
                                "java.util.random..",
                                "org.jspecify.annotations.."))
                        // A digest is a function of values too.
                        .or(describe(
                                "compute a digest",
                                type -> type.isEquivalentTo(java.security.MessageDigest.class)
                                        || type.isEquivalentTo(java.security.NoSuchAlgorithmException.class))))
                .check(CLASSES);
    }

    @Test
    void whatDecidesHasNoThreadsClockOrEnvironment() {
        noClasses()
                .that(theCore())
                .should()
                .dependOnClassesThat(describe(
                        "are a thread, a process or a clock",
                        type -> type.isAssignableTo(Thread.class)
                                || type.isAssignableTo(Process.class)
                                || type.isAssignableTo(ProcessBuilder.class)
                                || type.isAssignableTo(Runtime.class)
                                || type.isAssignableTo(java.time.InstantSource.class)))
                .orShould()
                .accessTargetWhere(describe(
                        "read the clock, chance or the environment",
                        (JavaAccess<?> access) ->
                                IMPURE_CALLS.contains(access.getTargetOwner().getFullName() + "."
                                        + access.getTarget().getName())))
                .check(CLASSES);
    }

    /** Whatever the kernel is, Linux or one in memory, the reconciler sees the port. */
    @Test
    void theReconcilerKnowsTheKernelByItsPort() {
        noClasses()
                .that()
                .resideInAPackage(RECONCILE)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(not(resideInAnyPackage(RECONCILE, ROOT + ".kernel", ROOT + ".model"))))
                .check(CLASSES);
    }

    @Test
    void messagesAndCallsStayAtTheEdges() {
        noClasses()
                .that(not(resideInAnyPackage(EDGES)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WIRE)
                .check(CLASSES);
    }

    /** What stands left is used in the packages that stand right only. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.lang.foreign.. : .nativelib",
                "picocli.. : .config",
                "com.google.gson.. : .dataplane.nftables .http",
                "com.sun.net.httpserver.. : .http",
                "io.micrometer.. : .metrics",
                "io.prometheus.. : .metrics",
            })
    void aTechnologyHasOnePlace(String rule) {
        String technology = rule.substring(0, rule.indexOf(' '));
        String[] places = java.util.Arrays.stream(
                        rule.substring(rule.indexOf(": ") + 2).split(" "))
                .map(place -> ROOT + place)
                .toArray(String[]::new);
        noClasses()
                .that(not(resideInAnyPackage(places)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(technology)
                .check(CLASSES);
    }

    @Test
    void processesAreStartedByExecOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ExecRunner.class.getPackageName())
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class)
                .orShould()
                .callMethodWhere(describe(
                        "call Runtime.exec",
                        call -> call.getTargetOwner().isEquivalentTo(Runtime.class)
                                && call.getTarget().getName().equals("exec")))
                .check(CLASSES);
    }

    /** A virtual thread that enters another namespace, or a native call, takes its carrier along. */
    @Test
    void whatTouchesTheKernelHasNoVirtualThreads() {
        noClasses()
                .that(not(resideInAnyPackage(ROOT, ROOT + ".api", ROOT + ".dial", ROOT + ".trust")))
                .should()
                .callMethodWhere(describe(
                        "make virtual threads",
                        call -> List.of("ofVirtual", "startVirtualThread", "newVirtualThreadPerTaskExecutor")
                                .contains(call.getTarget().getName())))
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void anAdapterDoesNotKnowTheOthers(int index) {
        // The report says of rows what the stream's codec calls them.
        String[] others = java.util.Arrays.stream(ADAPTERS)
                .filter(other -> !other.equals(ADAPTERS[index]))
                .filter(other -> !(ADAPTERS[index].equals(ROOT + ".report") && other.equals(ROOT + ".sync")))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ADAPTERS[index])
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(CLASSES);
    }

    @Test
    void onlyTheCompositionRootPutsItTogether() {
        noClasses()
                .that(resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CLASSES);
        noClasses()
                .that()
                .doNotBelongToAnyOf(NodeDaemon.class)
                .and()
                .resideOutsideOfPackages(PUT_TOGETHER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PUT_TOGETHER)
                .check(CLASSES);
    }

    /** The product's process must not carry the tests' kernel. */
    @Test
    void theKernelInMemoryIsForTests() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".dataplane.memory")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".dataplane.memory")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<JavaPackage> packages = new HashSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackage()));
        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(javaPackage -> assertThat(javaPackage.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info.java with @NullMarked", javaPackage.getName())
                        .isTrue());
    }
}
