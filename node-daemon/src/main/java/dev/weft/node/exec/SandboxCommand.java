package dev.weft.node.exec;

import dev.weft.api.v1.ExecStart;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.sandbox.SandboxDirectories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The command line that runs a command inside a sandbox: in its network namespace, with a session of its own, and with
 * private mount and host name namespaces in which /etc/resolv.conf, /etc/hosts and /etc/hostname are the sandbox's.
 *
 * <p>Every program in the chain replaces itself with the next, so the process that is started is the command's own. What
 * the caller says is only ever an argument, never part of the script.
 */
final class SandboxCommand {

    private static final String SCRIPT = """
            for pair in "$1:/etc/resolv.conf" "$2:/etc/hosts" "$3:/etc/hostname"; do
              if [ -e "${pair##*:}" ]; then mount --bind "${pair%:*}" "${pair##*:}" || exit 125; fi
            done
            printf %s "$4" > /proc/sys/kernel/hostname || exit 125
            PATH=$5
            export PATH
            shift 5
            exec "$@"
            """;

    /** Where the programs are that lead to the command, and where it looks itself unless the caller says otherwise. */
    static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private SandboxCommand() {}

    /**
     * @param sandbox the one with the namespace and the files: the owner of a namespace that is shared
     * @param path where the command looks for programs; what leads to it is found in {@link #PATH}
     */
    static List<String> line(SandboxRow sandbox, SandboxDirectories directories, String path, List<String> command) {
        // The daemon may have been started with signals ignored, as a shell does for what runs in the background.
        List<String> line = new ArrayList<>(List.of("env", "--default-signal", "setsid"));
        namespace(sandbox, directories).ifPresent(file -> line.addAll(List.of("nsenter", "--net=" + file, "--")));
        line.addAll(List.of("unshare", "--mount", "--uts", "--propagation", "private", "--"));
        line.addAll(List.of("/bin/sh", "-c", SCRIPT, "weft-exec"));
        line.add(directories.resolvConf(sandbox.id()).toString());
        line.add(directories.hosts(sandbox.id()).toString());
        line.add(directories.hostname(sandbox.id()).toString());
        line.add(sandbox.hostname());
        line.add(path);
        line.addAll(command);
        return line;
    }

    /** Where the sandbox's own network namespace is bound; none for one that shares the host's. */
    static Optional<Path> namespace(SandboxRow sandbox, SandboxDirectories directories) {
        return switch (sandbox.place()) {
            case SandboxPlace.Managed() -> Optional.of(directories.namespaces().resolve(sandbox.id()));
            case SandboxPlace.External(String path) -> Optional.of(Path.of(path));
            case SandboxPlace.Process _ -> Optional.of(directories.pinned().resolve(sandbox.id()));
            case SandboxPlace.Host() -> Optional.empty();
            case SandboxPlace.Shared _ ->
                throw new IllegalArgumentException("sandbox " + sandbox.name() + " has no place of its own");
        };
    }

    /** Nothing of the daemon's own environment gets in. */
    static Map<String, String> environment(SandboxRow sandbox, ExecStart start) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", PATH);
        environment.put("HOME", "/root");
        environment.put("HOSTNAME", sandbox.hostname());
        environment.putAll(start.getEnvironmentMap());
        return environment;
    }
}
