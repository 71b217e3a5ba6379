package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes a lab, whatever state it is in: half built, crashed, or partly removed before. */
final class LabCleaner {

    private LabCleaner() {}

    /** Does all it can and reports everything that could not be done at the end. */
    static void clean(LabSpec spec, Collection<LabProcess> processes) {
        List<RuntimeException> failures = new ArrayList<>();
        processes.forEach(process -> attempt(failures, process::kill));
        for (Path mount : mountsUnder(spec.directory())) {
            attempt(failures, () -> {
                if (Files.isRegularFile(mount)) {
                    Namespaces.killAllIn(mount);
                }
                Shell.run("umount", "--lazy", mount.toString()).orThrow();
            });
        }
        Namespaces.list(Lab.NAMESPACE_PREFIX + spec.name() + "-")
                .forEach(namespace -> attempt(failures, () -> Namespaces.delete(namespace)));
        attempt(failures, () -> deleteTree(spec.directory()));
        if (!failures.isEmpty()) {
            LabException all = new LabException("lab " + spec.name() + " was not removed completely");
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }

    private static void attempt(List<RuntimeException> failures, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    /** Mount points below the directory, the deepest and newest first. */
    static List<Path> mountsUnder(Path directory) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.map(line -> line.split(" ", -1)[4])
                    .filter(point -> point.startsWith(directory + "/"))
                    .map(Path::of)
                    .sorted(Comparator.comparing(Path::getNameCount).reversed())
                    .toList();
        } catch (IOException e) {
            throw new LabException("read the mount table: " + e.getMessage(), e);
        }
    }

    private static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new LabException("delete " + directory + ": " + e.getMessage(), e);
        }
    }
}
