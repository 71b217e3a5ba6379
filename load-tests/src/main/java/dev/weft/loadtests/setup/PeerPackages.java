package dev.weft.loadtests.setup;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.CommandFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Installs the peers' Debian packages where they are missing, and makes sure that none of their services is started or will
 * be at the next boot: nothing of a peer may ever run in the machine's root network namespace.
 *
 * <p>What cannot be installed is told in one line and its contenders are then not measured; it is no failure of the run.
 */
public final class PeerPackages {

    private static final List<String> PACKAGES = List.of(
            "docker.io",
            "containernetworking-plugins",
            "netavark",
            "aardvark-dns",
            "iptables",
            "iperf3",
            "gnuplot-nox",
            "busybox-static");
    private static final List<String> SERVICES = List.of("docker.service", "docker.socket", "containerd.service");
    private static final Set<String> DAEMONS = Set.of("dockerd", "containerd");
    /** Asked by every package's scripts before they start a service (invoke-rc.d(8)); 101 is "forbidden by policy". */
    private static final Path START_POLICY = Path.of("/usr/sbin/policy-rc.d");

    private static final String NO_STARTS = "#!/bin/sh\nexit 101\n";

    private final Consumer<String> screen;

    /** @param screen gets a line for each thing done or missing */
    public PeerPackages(Consumer<String> screen) {
        this.screen = screen;
    }

    public void installMissing() {
        List<String> missing =
                PACKAGES.stream().filter(name -> !isInstalled(name)).toList();
        if (missing.isEmpty()) {
            return;
        }
        if (!Files.isExecutable(Path.of("/usr/bin/apt-get")) || !"root".equals(System.getProperty("user.name"))) {
            screen.accept("not installed, since that needs root and apt-get: " + String.join(" ", missing));
            return;
        }
        screen.accept("installing peers: " + String.join(" ", missing));
        Set<String> linksBefore = links();
        Set<String> daemonsBefore = daemons();
        withoutStarts(() -> missing.forEach(this::install));
        keepDisabled();
        requireUntouched(linksBefore, daemonsBefore);
    }

    private static boolean isInstalled(String name) {
        try {
            return Command.of("dpkg-query", "--show", "--showformat=${db:Status-Status}", name)
                    .run()
                    .equals("installed");
        } catch (CommandFailedException e) {
            return false;
        }
    }

    private void install(String name) {
        try {
            Command.of("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", name)
                    .with(Map.of("DEBIAN_FRONTEND", "noninteractive"))
                    .run();
        } catch (CommandFailedException e) {
            screen.accept("cannot be installed, so its figures will be missing: " + name + ": "
                    + e.getMessage().lines().reduce("", (first, last) -> last));
        }
    }

    /** A policy that is already there is the administrator's and stays, whatever it says; see {@link #requireUntouched}. */
    private static void withoutStarts(Runnable work) {
        boolean ours;
        try {
            Files.createFile(
                    START_POLICY, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Files.writeString(START_POLICY, NO_STARTS);
            ours = true;
        } catch (FileAlreadyExistsException e) {
            ours = false;
        } catch (IOException e) {
            throw new UncheckedIOException("write " + START_POLICY, e);
        }
        try {
            work.run();
        } finally {
            if (ours) {
                try {
                    Files.delete(START_POLICY);
                } catch (IOException e) {
                    throw new UncheckedIOException("delete " + START_POLICY, e);
                }
            }
        }
    }

    private void keepDisabled() {
        if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
            return;
        }
        for (String service : SERVICES) {
            try {
                Command.of("systemctl", "disable", "--quiet", service).run();
            } catch (CommandFailedException e) {
                screen.accept("could not be kept from starting at the next boot: " + service + ": " + e.getMessage());
            }
        }
    }

    private static void requireUntouched(Set<String> linksBefore, Set<String> daemonsBefore) {
        Set<String> newLinks = links();
        newLinks.removeAll(linksBefore);
        Set<String> newDaemons = daemons();
        newDaemons.removeAll(daemonsBefore);
        if (!newLinks.isEmpty() || !newDaemons.isEmpty()) {
            throw new IllegalStateException("installing the peers left something running in the machine's root network"
                    + " namespace: links " + newLinks + ", processes " + newDaemons + "; stop it before measuring");
        }
    }

    private static Set<String> links() {
        return Command.of("ip", "-o", "link", "show")
                .run()
                .lines()
                .map(line -> line.split(": ", 3)[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> daemons() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .map(command -> DAEMONS.contains(command.substring(command.lastIndexOf('/') + 1)))
                        .orElse(false))
                .map(process -> process.pid() + " " + process.info().command().orElse(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
