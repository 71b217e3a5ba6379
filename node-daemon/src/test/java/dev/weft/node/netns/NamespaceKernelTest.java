package dev.weft.node.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.node.dataplane.nftables.Nftables;
import dev.weft.node.dataplane.rtnetlink.NetlinkMonitor;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
class NamespaceKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    private static NamespaceId here() {
        try (NetworkNamespace current = NetworkNamespace.current()) {
            return current.id();
        }
    }

    @Test
    void aManagedNamespaceIsAnothersEqualByEveryPath() {
        NamespaceId before = here();
        TestNamespace one = namespaces.create("one");
        TestNamespace two = namespaces.create("two");
        assertThat(namespaces.files().list()).containsExactly("one", "two");
        assertThat(one.namespace().id()).isNotEqualTo(two.namespace().id()).isNotEqualTo(before);
        try (NetworkNamespace again = NetworkNamespace.open(one.path())) {
            assertThat(again.id()).isEqualTo(one.namespace().id());
        }
        assertThat(NamespaceThreads.call(one.namespace(), NamespaceKernelTest::here))
                .isEqualTo(one.namespace().id());
        assertThat(one.run("ip -br link").strip()).startsWith("lo").doesNotContain("\n");
        assertThat(here()).isEqualTo(before);
    }

    @Test
    void namesAreTakenOnceAndDeletedOnce() {
        namespaces.create("one");
        assertThatThrownBy(() -> namespaces.files().create("one"))
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        assertThat(namespaces.files().delete("one")).isTrue();
        assertThat(namespaces.files().delete("one")).isFalse();
        assertThat(namespaces.files().list()).isEmpty();
        for (String bad : List.of("", "a/b", "..", ".hidden")) {
            assertThatThrownBy(() -> namespaces.files().create(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatACrashLeftIsSweptByDelete() throws IOException {
        Path file = namespaces.create("one").path();
        Path leftover = file.resolveSibling("leftover");
        Files.createFile(leftover);
        assertThat(namespaces.files().list()).containsExactly("one");
        assertThat(namespaces.files().delete("leftover")).isTrue();
        assertThat(leftover).doesNotExist();
    }

    @Test
    void otherFilesAreNoNamespaces(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        for (Path path : List.of(file, Path.of("/proc/self/ns/uts"), Path.of("/dev/null"))) {
            assertThatThrownBy(() -> NetworkNamespace.open(path))
                    .isInstanceOfSatisfying(
                            NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                    .hasMessageContaining(path.toString());
        }
        assertThatThrownBy(() -> NetworkNamespace.open(directory.resolve("absent")))
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void aFailingTaskFailsItsCaller() {
        TestNamespace one = namespaces.create("one");
        assertThatThrownBy(() -> NamespaceThreads.call(one.namespace(), () -> {
                    throw new IllegalArgumentException("of the task");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("of the task");
        assertThatThrownBy(() -> NamespaceThreads.call(one.namespace(), () -> {
                    throw new IOException("checked");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("checked");
    }

    /** The extension checks afterwards that no thread is anywhere else. */
    @Test
    void manyThreadsLeaveTheirNamespacesBehind() throws Exception {
        TestNamespace one = namespaces.create("one");
        TestNamespace two = namespaces.create("two");
        NamespaceId before = here();
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            List<Future<NamespaceId>> seen = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                NetworkNamespace target = i % 2 == 0 ? one.namespace() : two.namespace();
                seen.add(callers.submit(() -> NamespaceThreads.call(target, NamespaceKernelTest::here)));
            }
            for (int i = 0; i < seen.size(); i++) {
                assertThat(seen.get(i).get())
                        .isEqualTo((i % 2 == 0 ? one : two).namespace().id());
            }
            for (int i = 0; i < 8; i++) {
                assertThat(callers.submit(NamespaceKernelTest::here).get()).isEqualTo(before);
            }
        }
    }

    @Test
    void aHandleOutlivesTheNameAndActsFromAnywhere() {
        TestNamespace one = namespaces.create("one");
        one.run("ip link add inside0 type bridge");
        try (Rtnetlink rtnetlink = Rtnetlink.open(one.namespace())) {
            assertThat(namespaces.files().delete("one")).isTrue();
            assertThat(rtnetlink.links()).extracting(Link::name).contains("inside0");
        }
    }

    @Test
    void handlesGiveTheirDescriptorsBack() {
        TestNamespace one = namespaces.create("one");
        openAndCloseEverything(one);
        int before = descriptors();
        for (int i = 0; i < 50; i++) {
            openAndCloseEverything(one);
        }
        // The JVM opens a few of its own now and then.
        assertThat(descriptors()).isLessThan(before + 25);
    }

    private static void openAndCloseEverything(TestNamespace namespace) {
        try (NetworkNamespace held = NetworkNamespace.open(namespace.path());
                Rtnetlink rtnetlink = Rtnetlink.open(held);
                Nftables nftables = Nftables.open(held);
                NetlinkMonitor monitor = NetlinkMonitor.start(held, NetlinkMonitor.OwnPorts.NONE, event -> {})) {
            assertThat(rtnetlink.links()).hasSize(1);
            assertThat(nftables.listTable("inet", "absent")).isEmpty();
            assertThat(monitor).isNotNull();
        }
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }
}
