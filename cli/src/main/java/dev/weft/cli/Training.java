package dev.weft.cli;

import java.util.List;
import java.util.Map;

/**
 * Runs the common commands one after another in one JVM, so that the AOT cache made from this run knows the classes that
 * each needs. Started by {@code make build} through bin/weft, against a server that answers them all.
 */
final class Training {

    private static final List<List<String>> COMMANDS = List.of(
            List.of("network", "ls"),
            List.of("network", "create", "--driver", "overlay", "--subnet", "10.1.0.0/24", "my-net"),
            List.of("network", "inspect", "my-net"),
            List.of("network", "inspect", "-f", "{{range $k, $v := .Containers}}{{$v.Name}}{{end}}", "my-net"),
            List.of("network", "inspect", "no-such-network"),
            List.of("network", "connect", "my-net", "one"),
            List.of("network", "disconnect", "my-net", "one"),
            List.of("network", "rm", "my-net"),
            List.of("network", "prune", "--force"),
            List.of("run", "--rm", "--network", "my-net", "--", "exit", "0"),
            List.of("exec", "-i", "one", "cat"),
            List.of("sandbox", "ls"),
            List.of("sandbox", "inspect", "one"),
            List.of("sandbox", "rm", "one"),
            List.of("node", "ls"),
            List.of("node", "inspect"),
            List.of("network", "--help"),
            List.of("--help"));

    private Training() {}

    /** What the commands print is of no interest, how they end neither: each has been through its classes. */
    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        Map<String, String> environment = System.getenv();
        for (List<String> command : COMMANDS) {
            new Weft(terminal, environment).run(command.toArray(String[]::new));
        }
    }
}
