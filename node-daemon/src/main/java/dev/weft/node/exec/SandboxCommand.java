package dev.weft.node.exec;

import dev.weft.api.v1.ExecStart;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.sandbox.SandboxDirectories;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            shift 4
            exec "$@"
            """;

    private SandboxCommand() {}

    static List<String> line(SandboxRow sandbox, SandboxDirectories directories, List<String> command) {
        List<String> line = new ArrayList<>(List.of("setsid"));
        switch (sandbox.place()) {
            case SandboxPlace.Managed() ->
                line.addAll(
                        List.of("nsenter", "--net=" + directories.namespaces().resolve(sandbox.id()), "--"));
            case SandboxPlace.External(String path) -> line.addAll(List.of("nsenter", "--net=" + path, "--"));
            case SandboxPlace.Host() -> {}
        }
        line.addAll(List.of("unshare", "--mount", "--uts", "--propagation", "private", "--"));
        line.addAll(List.of("/bin/sh", "-c", SCRIPT, "weft-exec"));
        line.add(directories.resolvConf(sandbox.id()).toString());
        line.add(directories.hosts(sandbox.id()).toString());
        line.add(directories.hostname(sandbox.id()).toString());
        line.add(sandbox.hostname());
        line.addAll(command);
        return line;
    }

    /** Nothing of the daemon's own environment gets in. */
    static Map<String, String> environment(SandboxRow sandbox, ExecStart start) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOME", "/root");
        environment.put("HOSTNAME", sandbox.hostname());
        environment.putAll(start.getEnvironmentMap());
        return environment;
    }
}
