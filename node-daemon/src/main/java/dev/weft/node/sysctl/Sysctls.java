package dev.weft.node.sysctl;

import dev.weft.node.nativelib.Errno;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The kernel parameters of one network namespace. {@code /proc/sys/net} shows the namespace of the thread that opens a
 * file in it, so each call does its work on a thread of its own there: pass several keys at once where there are several.
 */
public final class Sysctls {

    private final Optional<NetworkNamespace> namespace;

    /** @param namespace stays the caller's to close */
    public Sysctls(NetworkNamespace namespace) {
        this(Optional.of(namespace));
    }

    private Sysctls(Optional<NetworkNamespace> namespace) {
        this.namespace = namespace;
    }

    /** Those of the namespace that each calling thread is in: without the cost of a thread. */
    public static Sysctls ofCallingThread() {
        return new Sysctls(Optional.empty());
    }

    private <T> T there(Supplier<T> task) {
        return namespace.map(there -> NamespaceThreads.call(there, task::get)).orElseGet(task);
    }

    /** A parameter's value without the line's end; empty if the kernel has no such parameter. {@code sysctl KEY}. */
    public Optional<String> read(SysctlKey key) {
        return there(() -> readHere(key));
    }

    /** The values of several parameters; those that the kernel does not have are left out. */
    public Map<SysctlKey, String> read(Collection<SysctlKey> keys) {
        return there(() -> {
            Map<SysctlKey, String> values = new LinkedHashMap<>();
            for (SysctlKey key : keys) {
                readHere(key).ifPresent(value -> values.put(key, value));
            }
            return values;
        });
    }

    /** {@code sysctl -w KEY=VALUE}. */
    public void write(SysctlKey key, String value) {
        write(Map.of(key, value));
    }

    /**
     * Writes those parameters whose value is another.
     *
     * @return what each changed parameter was before
     * @throws NativeException at the first that fails, those before it being written: ENOENT if the kernel has no such
     *     parameter, EINVAL if it refuses the value
     */
    public Map<SysctlKey, String> write(Map<SysctlKey, String> values) {
        return there(() -> {
            Map<SysctlKey, String> before = new LinkedHashMap<>();
            for (Map.Entry<SysctlKey, String> entry : values.entrySet()) {
                Optional<String> current = readHere(entry.getKey());
                if (!current.equals(Optional.of(entry.getValue()))) {
                    writeHere(entry.getKey(), entry.getValue());
                    current.ifPresent(value -> before.put(entry.getKey(), value));
                }
            }
            return before;
        });
    }

    private static Optional<String> readHere(SysctlKey key) {
        try {
            return Optional.of(KernelText.read(key.path()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read sysctl " + key, e);
        }
    }

    private static void writeHere(SysctlKey key, String value) {
        try {
            // One write(2), without truncation: procfs takes a value as a whole.
            Files.writeString(key.path(), value + "\n", StandardCharsets.ISO_8859_1, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed("set sysctl " + key + " to " + value, e);
        }
    }

    /** The JDK keeps the reason only as its exception's type or text. */
    private static NativeException failed(String operation, IOException e) {
        String reason = String.valueOf(e.getMessage());
        Errno errno;
        if (e instanceof NoSuchFileException) {
            errno = Errno.ENOENT;
        } else if (e instanceof java.nio.file.AccessDeniedException) {
            errno = Errno.EACCES;
        } else if (reason.contains("Invalid argument")) {
            errno = Errno.EINVAL;
        } else {
            errno = Errno.EIO;
        }
        NativeException failure = new NativeException(
                operation, errno, errno.equals(Errno.ENOENT) ? "this kernel has no such parameter" : reason);
        failure.initCause(e);
        return failure;
    }
}
