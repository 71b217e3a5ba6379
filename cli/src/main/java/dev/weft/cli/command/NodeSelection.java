package dev.weft.cli.command;

import dev.weft.cli.CliException;
import picocli.CommandLine.Option;

/** Which nodes' local networks a command is about; global networks always are. */
final class NodeSelection {

    /** The API's word for all nodes, whichever the request comes through. */
    private static final String ALL = "*";

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description =
                    "This node's local networks, and the global ones. Default: the node whose socket is used, else all.")
    private String node = "";

    @Option(names = "--all-nodes", description = "Local networks of all nodes.")
    private boolean allNodes;

    String toRequest() {
        if (allNodes && !node.isEmpty()) {
            throw CliException.usage("--node and --all-nodes exclude each other");
        }
        return allNodes ? ALL : node;
    }
}
