package dev.weft.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.kernel.KernelObject.SandboxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxFilesWriterTest {

    private static final SandboxFiles FILES = new SandboxFiles("5a5a5a5a5a5a", "web", List.of("10.9.0.2\tweb"));

    @TempDir
    private Path root;

    private SandboxDirectories directories = new SandboxDirectories(Path.of("/nonexistent"), Path.of("/nonexistent"));
    private SandboxFilesWriter writer = new SandboxFilesWriter(directories, Path.of("/nonexistent"));

    @BeforeEach
    void create() throws IOException {
        directories = new SandboxDirectories(root.resolve("run"), root.resolve("state"));
        Path resolvConf = Files.writeString(
                root.resolve("resolv.conf"),
                "search example.net\nnameserver 127.0.0.53\nnameserver ::1\nnameserver 192.0.2.53\noptions edns0\n");
        writer = new SandboxFilesWriter(directories, resolvConf);
    }

    private String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aSandboxGetsItsFilesReadableByItsProcesses() throws IOException {
        writer.write(FILES, Optional.empty());
        assertThat(directories.hostname(FILES.sandboxId())).hasContent("web\n").isRegularFile();
        assertThat(Files.readAllLines(directories.hosts(FILES.sandboxId())))
                .startsWith("127.0.0.1\tlocalhost")
                .endsWith("10.9.0.2\tweb");
        assertThat(mode(directories.of(FILES.sandboxId()))).isEqualTo("rwx--x--x");
        assertThat(mode(directories.hosts(FILES.sandboxId()))).isEqualTo("rw-r--r--");
        assertThat(writer.list()).containsExactly(FILES.sandboxId());
    }

    @Test
    void nameServersOfTheHostsLoopbackAreNotTheSandboxes() throws IOException {
        writer.write(FILES, Optional.empty());
        assertThat(Files.readString(directories.resolvConf(FILES.sandboxId())))
                .isEqualTo("search example.net\nnameserver 192.0.2.53\noptions edns0\n");
        assertThat(SandboxFilesWriter.filtered("nameserver fe80::1%eth0\nnameserver 127.1.2.3\n# end\n"))
                .isEqualTo("nameserver fe80::1%eth0\n# end\n");
    }

    /** Processes have the files bind-mounted: one put in their place would not be seen. */
    @Test
    void aChangeIsWrittenInPlace() throws IOException {
        writer.write(FILES, Optional.empty());
        Object file = Files.getAttribute(directories.hosts(FILES.sandboxId()), "unix:ino");
        SandboxFiles changed = new SandboxFiles(FILES.sandboxId(), "web", List.of("10.9.0.3\tweb"));
        writer.write(changed, Optional.of(FILES));
        assertThat(Files.readString(directories.hosts(FILES.sandboxId())))
                .contains("10.9.0.3")
                .doesNotContain("10.9.0.2");
        writer.write(FILES, Optional.empty());
        assertThat(Files.readString(directories.hosts(FILES.sandboxId())))
                .contains("10.9.0.2")
                .doesNotContain("10.9.0.3");
        assertThat(Files.getAttribute(directories.hosts(FILES.sandboxId()), "unix:ino"))
                .isEqualTo(file);
    }

    @Test
    void removingTakesLogsTooAndIsDoneOnce() throws IOException {
        writer.write(FILES, Optional.empty());
        Files.createDirectories(directories.logs(FILES.sandboxId()));
        Files.writeString(directories.logs(FILES.sandboxId()).resolve("command-1.log"), "x");
        writer.remove(FILES.sandboxId());
        assertThat(directories.of(FILES.sandboxId())).doesNotExist();
        assertThat(writer.list()).isEmpty();
        writer.remove(FILES.sandboxId());
    }

    @Test
    void nothingIsListedBeforeThereIsAnything() {
        assertThat(writer.list()).isEmpty();
    }
}
