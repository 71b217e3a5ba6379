package dev.weft.controlplane;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The boundaries of docs/architecture.md, held by the build. */
final class ArchitectureTest {

    private static final String ROOT = "dev.weft.controlplane";

    /** What decides: functions of values. */
    private static final String[] PURE = {
        ROOT + ".model",
        ROOT + ".keys",
        ROOT + ".admission",
        ROOT + ".authorization",
        ROOT + ".filter",
        ROOT + ".ipam",
        ROOT + ".ports",
        ROOT + ".desired",
    };

    /** How the core is shown what is stored: as it is at one moment, and what changed. */
    private static final Set<String> STATE_AS_VALUES =
            Set.of(ROOT + ".state.ClusterView", ROOT + ".state.EntityChange");

    /** What talks to the world, each about one technology. */
    private static final String[] ADAPTERS = {
        ROOT + ".store.etcd..",
        ROOT + ".store.sqlite..",
        ROOT + ".api..",
        ROOT + ".distribution..",
        ROOT + ".events.kafka..",
        ROOT + ".cluster.hazelcast..",
        ROOT + ".cluster.grpc..",
        ROOT + ".metrics..",
    };

    /** Who somebody is, and what role they have. */
    private static final Set<String> WHO_IS_WHO = Set.of("dev.weft.trust.Identity", "dev.weft.trust.Role");

    private static final String[] GENERATED = {
        "dev.weft.api.v1..", "dev.weft.node.v1..", "dev.weft.store.v1..", "dev.weft.trust.v1..", "dev.weft.cluster.v1.."
    };

    /** Where anything of the clock's or of chance comes from. Both are passed in. */
    private static final Set<String> IMPURE_CALLS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.Math.random",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.UUID.randomUUID");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void theCoreKnowsOnlyValues() {
        classes()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PURE)
                        .or(describe(
                                "show the cluster's state",
                                type -> STATE_AS_VALUES.contains(type.getFullName())
                                        || type.getFullName().startsWith(ROOT + ".state.EntityChange$")))
                        .or(describe(
                                "say who is who",
                                type -> WHO_IS_WHO.contains(type.getFullName())
                                        || type.getFullName().startsWith("dev.weft.trust.Identity$")))
                        .or(resideInAnyPackage(
                                "dev.weft.net",
                                "java.lang..",
                                "java.math..",
                                "java.nio",
                                "java.nio.charset",
                                "java.time..",
                                "java.util",
                                "java.util.function..",
                                "java.util.stream..",
                                "java.util.regex..",
                                "org.jspecify.annotations..",
                                "com.google.common.hash..",
                                "com.google.common.primitives..",
                                "com.google.re2j..")))
                .check(CLASSES);
    }

    @Test
    void theCoreHasNoThreadsClockOrChance() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .or()
                .resideInAnyPackage(ROOT + ".codec", ROOT + ".events")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.util.concurrent..",
                                "java.util.random..",
                                "java.security..",
                                "java.net..",
                                "java.net.http..",
                                "java.nio.file..",
                                "java.nio.channels..",
                                "java.sql..",
                                "io.grpc..",
                                "io.netty..",
                                "io.vertx..",
                                "io.etcd..",
                                "org.slf4j..")
                        .or(describe(
                                "are a thread, a clock or a random generator",
                                type -> type.isAssignableTo(Thread.class)
                                        || type.isAssignableTo(java.time.Clock.class)
                                        || type.isAssignableTo(java.util.Random.class))))
                .orShould()
                .accessTargetWhere(describe(
                        "read the clock, chance or the environment",
                        (JavaAccess<?> access) ->
                                IMPURE_CALLS.contains(access.getTargetOwner().getFullName() + "."
                                        + access.getTarget().getName())))
                .check(CLASSES);
    }

    @Test
    void theCodecKnowsMessagesButNoServices() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".codec")
                .should()
                .dependOnClassesThat(describe(
                        "are gRPC services", type -> type.getSimpleName().endsWith("Grpc")))
                .orShould()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(not(resideInAnyPackage(ROOT + ".codec", ROOT + ".model", ROOT + ".store"))))
                .check(CLASSES);
    }

    @Test
    void theStorePortKnowsNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".store")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.weft..").and(not(resideInAPackage(ROOT + ".store"))))
                .check(CLASSES);
    }

    @Test
    void adaptersOfTheStoreKnowOnlyThePort() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".store.etcd..", ROOT + ".store.sqlite..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.weft..")
                        .and(not(
                                resideInAnyPackage(ROOT + ".store", ROOT + ".store.etcd..", ROOT + ".store.sqlite.."))))
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void anAdapterDoesNotKnowTheOthers(int index) {
        String[] others = java.util.Arrays.stream(ADAPTERS)
                .filter(adapter -> !adapter.equals(ADAPTERS[index]))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ADAPTERS[index])
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** Only the composition root, in the root package, sees all; what configures it names what can be chosen. */
    @Test
    void nobodyWithinDependsOnAdapters() {
        noClasses()
                .that(resideInAPackage(ROOT + "..")
                        .and(not(resideInAnyPackage(ROOT, ROOT + ".config", ROOT + ".store.config")))
                        .and(not(resideInAnyPackage(ADAPTERS))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ADAPTERS)
                .check(CLASSES);
        noClasses()
                .that(resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.etcd.. : .store.etcd..",
                "java.sql.. : .store.sqlite..",
                "org.sqlite.. : .store.sqlite..",
                "org.apache.kafka.. : .events.kafka..",
                "io.cloudevents.. : .events.kafka..",
                "info.picocli.. : ",
                "com.hazelcast.. : .cluster.hazelcast..",
                "io.micrometer.. : .metrics..",
                "io.prometheus.. : .metrics..",
                "org.bouncycastle.. : ",
            })
    void aTechnologyHasOnePlace(String rule) {
        String technology = rule.substring(0, rule.indexOf(' '));
        String place = ROOT + rule.substring(rule.indexOf(": ") + 2);
        noClasses()
                .that(not(resideInAPackage(place)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(technology)
                .check(CLASSES);
    }

    /** Its HTTP server at the edge, its event bus between the replicas. */
    @Test
    void vertxHasTwoPlaces() {
        noClasses()
                .that(not(resideInAnyPackage(ROOT + ".api.rest..", ROOT + ".cluster.hazelcast..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..")
                .check(CLASSES);
    }

    @Test
    void generatedMessagesStayAtTheEdges() {
        noClasses()
                .that(not(resideInAnyPackage(
                        ROOT + ".codec..",
                        ROOT + ".api..",
                        ROOT + ".distribution..",
                        ROOT + ".status..",
                        ROOT + ".exec..",
                        ROOT + ".events..",
                        ROOT + ".audit..",
                        ROOT + ".cluster..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(GENERATED)
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<JavaPackage> packages = new java.util.HashSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackage()));
        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(javaPackage -> assertThat(javaPackage.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info.java with @NullMarked", javaPackage.getName())
                        .isTrue());
    }
}
