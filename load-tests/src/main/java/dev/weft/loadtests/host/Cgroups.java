package dev.weft.loadtests.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Control groups that were made for something that has ended. */
public final class Cgroups {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private Cgroups() {}

    /**
     * Removes a group and those in it from every hierarchy, where it is there.
     *
     * @param name from the root, with a slash before it
     */
    public static void remove(String name) {
        try (Stream<Path> hierarchies = Files.list(ROOT)) {
            Stream.concat(Stream.of(ROOT), hierarchies)
                    .map(hierarchy -> hierarchy.resolve(name.substring(1)))
                    .filter(Files::isDirectory)
                    .forEach(Cgroups::removeTree);
        } catch (IOException e) {
            throw new UncheckedIOException("look for cgroups named " + name, e);
        }
    }

    /** A cgroup's own files cannot be removed, only the directories. */
    private static void removeTree(Path cgroup) {
        try (Stream<Path> children = Files.walk(cgroup)) {
            for (Path directory : children.filter(Files::isDirectory).toList().reversed()) {
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("remove cgroup " + cgroup, e);
        }
    }
}
