package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab itself, with stand-ins for the product's processes. */
@Tag("kernel")
class LabIT {

    private static final String NAME = "labit" + ProcessHandle.current().pid() % 100_000;

    @TempDir
    private Path home;

    private LabSpec spec = LabSpec.named("unset", Path.of("/"));

    @BeforeEach
    void standIns() throws IOException {
        Files.createDirectories(home.resolve("bin"));
        script("weft-control-plane", "echo 'weft-control-plane ready'; exec sleep 600");
        script("weft-node", "echo 'weft-node ready'; exec sleep 600");
        script("weft", "echo 'h1 in sync'; echo 'h2 in sync'");
        spec = LabSpec.named(NAME, home);
    }

    private void script(String name, String body) throws IOException {
        Path file = home.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void hostsReachEachOtherUnlessAFaultSaysOtherwiseAndNothingIsLeft() {
        try (Lab lab = Lab.up(spec.withHosts(2), LabTrust.Security.NONE)) {
            LabHost one = lab.host(1);
            LabHost two = lab.host(2);
            assertThat(reaches(one, two)).isTrue();
            assertThat(one.exec("ping", "-c1", "-W1", Lab.INTERNET).succeeded()).isTrue();

            lab.partitionOneWay(one, two);
            assertThat(reaches(one, two)).as("requests are lost").isFalse();
            assertThat(reaches(two, one)).as("replies are lost").isFalse();
            assertThat(reaches(one, lab.outside())).as("others are not touched").isTrue();
            lab.heal();
            assertThat(reaches(one, two)).isTrue();

            lab.lose(one, 100);
            assertThat(reaches(one, two)).isFalse();
            lab.heal();
            assertThat(reaches(one, two)).isTrue();

            lab.isolate(two);
            assertThat(reaches(one, two)).isFalse();
            assertThat(reaches(lab.outside(), two)).isFalse();
        }
        assertThat(Namespaces.list("weft-lab-" + NAME + "-")).isEmpty();
        assertThat(spec.directory()).doesNotExist();
    }

    private static boolean reaches(LabHost from, LabHost to) {
        return from.exec("ping", "-c1", "-W1", to.address()).succeeded();
    }

    @Test
    void processesAreKilledStoppedAndRestartedByWhoeverFindsTheLab() {
        try (Lab built = Lab.up(spec.withHosts(1), LabTrust.Security.NONE)) {
            Lab lab = Lab.find(NAME);
            LabProcess daemon = lab.daemon(lab.host(1));
            long first = daemon.pid();
            assertThat(daemon.alive()).isTrue();
            daemon.kill();
            assertThat(daemon.alive()).isFalse();
            daemon.restart();
            assertThat(daemon.alive()).isTrue();
            assertThat(daemon.pid()).isNotEqualTo(first);
            lab.saveState();
            assertThat(Lab.find(NAME).daemon(lab.host(1)).pid()).isEqualTo(daemon.pid());
            lab.down();
            assertThat(built.controlPlane().alive()).isFalse();
        }
    }

    @Test
    void whatDoesNotStartIsToldWithItsLogAndLeavesNothing() throws IOException {
        script("weft-node", "echo 'weft-node: no such thing' >&2; exit 3");
        assertThatThrownBy(() -> Lab.up(spec.withHosts(1), LabTrust.Security.NONE))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("h1 ended before it was ready")
                .hasMessageContaining("weft-node: no such thing");
        assertThat(Namespaces.list("weft-lab-" + NAME + "-")).isEmpty();
        assertThat(spec.directory()).doesNotExist();
    }

    @Test
    void aLabWhoseOwnerDiedIsSweptAway() {
        Lab orphan = Lab.up(spec.withHosts(1), LabTrust.Security.NONE);
        // As if the owner had been killed: a process that no longer exists owns it.
        new LabFile(spec.directory()).write(spec.withHosts(1), new LabProcess.Identity(1, -7), orphan.processes());
        LabSpec next = LabSpec.named(NAME + "b", home).withHosts(1);
        try (Lab lab = Lab.up(next, LabTrust.Security.NONE)) {
            assertThat(Lab.names()).contains(next.name()).doesNotContain(NAME);
            assertThat(orphan.controlPlane().alive()).isFalse();
            assertThat(lab.controlPlane().alive()).isTrue();
        }
    }

    @Test
    void aSecondLabOfTheSameNameIsRefusedAndTheFirstLivesOn() {
        try (Lab lab = Lab.up(spec.withHosts(1), LabTrust.Security.NONE)) {
            assertThatThrownBy(() -> Lab.up(spec.withHosts(1), LabTrust.Security.NONE))
                    .hasMessageContaining("a lab named " + NAME + " exists");
            assertThat(lab.controlPlane().alive()).isTrue();
        }
    }

    @Test
    void awaitTellsWhatItSawInstead() {
        assertThatThrownBy(() -> Await.until("a wonder", Duration.ofMillis(50), () -> false, () -> "nothing moved"))
                .hasMessageContaining("waited 50 ms for a wonder; nothing moved");
    }
}
