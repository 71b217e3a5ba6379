package dev.weft.node.sandbox;

import dev.weft.net.IpAddress;
import dev.weft.node.kernel.DnsSettings;
import dev.weft.node.kernel.KernelObject.SandboxFiles;
import dev.weft.node.kernel.KernelObject.SandboxFiles.NameService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A sandbox's resolv.conf, hosts and hostname. They are written in place, as processes have them bind-mounted. */
public final class SandboxFilesWriter {

    private static final Set<PosixFilePermission> SEARCHABLE = PosixFilePermissions.fromString("rwx--x--x");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private final SandboxDirectories directories;
    private final Path hostResolvConf;

    /** @param hostResolvConf what the sandboxes' resolv.conf are made from */
    public SandboxFilesWriter(SandboxDirectories directories, Path hostResolvConf) {
        this.directories = directories;
        this.hostResolvConf = hostResolvConf;
    }

    /**
     * Writes those files whose content is another.
     *
     * @param last what was written before, if that is known
     * @throws UncheckedIOException if one cannot be written
     */
    public void write(SandboxFiles files, Optional<SandboxFiles> last) {
        String id = files.sandboxId();
        try {
            if (last.isEmpty()) {
                createSearchable(directories.sandboxes());
                createSearchable(directories.of(id));
            }
            if (files.nameService() == NameService.OF_OWNER) {
                return;
            }
            if (last.filter(before -> before.nameService() == files.nameService()
                            && before.dns().equals(files.dns()))
                    .isEmpty()) {
                put(directories.resolvConf(id), resolvConf(files, readHostResolvConf()));
            }
            if (last.filter(before -> before.hostname().equals(files.hostname()))
                    .isEmpty()) {
                put(directories.hostname(id), files.hostname() + "\n");
            }
            if (last.isEmpty()) {
                put(directories.hosts(id), hosts(files));
            } else if (!last.get().hosts().equals(files.hosts())) {
                overwrite(directories.hosts(id), hosts(files));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("write the files of sandbox " + id, e);
        }
    }

    /** Removes the sandbox's directory, logs included. */
    public void remove(String sandboxId) {
        Path directory = directories.of(sandboxId);
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("remove " + directory, e);
        }
    }

    /** The sandboxes that have a directory. */
    public List<String> list() {
        if (!Files.isDirectory(directories.sandboxes())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directories.sandboxes())) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list " + directories.sandboxes(), e);
        }
    }

    private static void createSearchable(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, SEARCHABLE);
        }
    }

    private static void put(Path file, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        Files.write(
                file, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(file, READABLE);
    }

    /**
     * Overwrites first and cuts afterwards: a file that is emptied first has ext4 allocate its blocks at close, which takes
     * as long as the rest of an attachment's own work, and shows readers an empty file meanwhile.
     */
    private static void overwrite(Path file, String content) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
        int length = bytes.remaining();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                int unusedWritten = channel.write(bytes);
            }
            FileChannel unusedSame = channel.truncate(length);
        }
    }

    private static String hosts(SandboxFiles files) {
        List<String> lines = new ArrayList<>(List.of(
                "127.0.0.1\tlocalhost",
                "::1\tlocalhost ip6-localhost ip6-loopback",
                "fe00::0\tip6-localnet",
                "ff02::1\tip6-allnodes",
                "ff02::2\tip6-allrouters"));
        lines.addAll(files.hosts());
        return String.join("\n", lines) + "\n";
    }

    private String readHostResolvConf() throws IOException {
        return Files.exists(hostResolvConf) ? Files.readString(hostResolvConf) : "";
    }

    private static String resolvConf(SandboxFiles files, String hosts) {
        ResolvConf settings = ResolvConf.parse(hosts).with(files.dns());
        return switch (files.nameService()) {
            case RESOLVER -> settings.behindResolver().text();
            case UPSTREAM ->
                files.dns().equals(DnsSettings.AS_THE_HOST)
                        ? filtered(hosts)
                        : (files.dns().servers().isEmpty() ? settings.reachable() : settings).text();
            case OF_OWNER -> throw new IllegalArgumentException("sandbox " + files.sandboxId() + " has no files");
        };
    }

    /** The host's, without name servers that only answer on the host's own loopback. */
    static String filtered(String hosts) {
        StringBuilder text = new StringBuilder();
        for (String line : hosts.lines().toList()) {
            if (!isLoopbackNameserver(line)) {
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }

    private static boolean isLoopbackNameserver(String line) {
        String[] words = line.strip().split("\\s+", 3);
        return words.length >= 2
                && words[0].equals("nameserver")
                && ResolvConf.address(words[1]).filter(IpAddress::isLoopback).isPresent();
    }
}
