package dev.weft.node.exec;

import dev.weft.api.v1.ExecStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns a request into a process. The chain of programs replaces itself link by link ({@code setsid} makes the process
 * group, {@code nsenter} enters the network namespace, {@code unshare} makes mount and host name private, a shell puts the
 * sandbox's files in place), so the command itself has the pid that was started.
 */
final class ExecCommand {

    /** Arguments: hosts file, resolv.conf file, host name, then the command. The shell answers 126 and 127 by itself. */
    private static final String SETUP = """
            for pair in "$1:/etc/hosts" "$2:/etc/resolv.conf"; do
              [ ! -e "${pair#*:}" ] || mount --bind "${pair%%:*}" "${pair#*:}" || exit 125
            done
            printf %s "$3" >/proc/sys/kernel/hostname || exit 125
            shift 3
            exec "$@"
            """;

    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ExecCommand() {}

    /** Starts the command with pipes. */
    static Process start(ExecPlace place, ExecStart request) throws IOException {
        return builder(place, request).start();
    }

    /**
     * Starts the command without pipes, so that it outlives the daemon.
     *
     * @param log gets its output; made anew, readable by the owner only
     */
    static Process startDetached(ExecPlace place, ExecStart request, Path log) throws IOException {
        Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return builder(place, request)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static ProcessBuilder builder(ExecPlace place, ExecStart request) {
        List<String> command = new ArrayList<>(List.of("setsid"));
        String hostname = switch (place) {
            case ExecPlace.Host host -> "";
            case ExecPlace.Namespace namespace -> {
                command.addAll(List.of(
                        "nsenter",
                        "--net=" + namespace.namespace(),
                        "--",
                        "unshare",
                        "--mount",
                        "--uts",
                        "--",
                        "sh",
                        "-c",
                        SETUP,
                        "weft-exec",
                        namespace.hosts().toString(),
                        namespace.resolvConf().toString(),
                        namespace.hostname()));
                yield namespace.hostname();
            }
        };
        if (place instanceof ExecPlace.Host) {
            command.addAll(List.of("sh", "-c", "exec \"$@\"", "weft-exec"));
        }
        command.addAll(request.getCommandList());
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        // What the daemon was started with is none of the workload's business.
        environment.clear();
        environment.put("PATH", PATH);
        environment.put("HOME", "/root");
        if (!hostname.isEmpty()) {
            environment.put("HOSTNAME", hostname);
        }
        environment.putAll(request.getEnvironmentMap());
        String directory = request.getWorkingDirectory();
        builder.directory(Path.of(directory.isEmpty() ? "/" : directory).toFile());
        return builder;
    }
}
