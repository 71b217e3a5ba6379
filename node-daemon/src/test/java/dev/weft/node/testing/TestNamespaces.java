package dev.weft.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.netns.NamespaceFiles;
import dev.weft.node.netns.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives each test network namespaces of its own and takes them back afterwards; fails a test that leaves a namespace, a
 * mount, or a thread in another namespace. Register it with {@code @RegisterExtension} in an instance field.
 *
 * <p>Nothing is ever changed in the namespace that the tests run in.
 */
public final class TestNamespaces implements BeforeEachCallback, AfterEachCallback {

    private final List<NetworkNamespace> opened = new ArrayList<>();
    private Path directory = Path.of("/nonexistent");
    private NamespaceFiles files = new NamespaceFiles(directory);

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("wf-test-netns-");
        files = new NamespaceFiles(directory);
    }

    /** A new namespace with nothing but a loopback that is down. */
    public TestNamespace create(String name) {
        Path path = files.create(name);
        NetworkNamespace namespace = NetworkNamespace.open(path);
        opened.add(namespace);
        return new TestNamespace(path, namespace);
    }

    /** The managed files themselves, for tests of names and paths. */
    public NamespaceFiles files() {
        return files;
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        opened.forEach(NetworkNamespace::close);
        opened.clear();
        files.list().forEach(files::delete);
        files.release();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).as("files left in %s", directory).isEmpty();
        }
        Files.delete(directory);
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
        assertThat(namespacesOfThreads())
                .as("network namespaces that threads of this process are in")
                .hasSize(1);
    }

    private static Set<String> namespacesOfThreads() throws IOException {
        Set<String> namespaces = new HashSet<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                try {
                    namespaces.add(
                            Files.readSymbolicLink(thread.resolve("ns/net")).toString());
                } catch (IOException e) {
                    // The thread ended since it was listed: then it is in no namespace.
                    assertThat(thread).as("%s cannot be read", thread).doesNotExist();
                }
            }
        }
        return namespaces;
    }
}
