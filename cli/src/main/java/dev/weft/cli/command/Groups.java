package dev.weft.cli.command;

import picocli.CommandLine.Command;

/** Commands that only hold others; picocli asks for one of those when none is given. */
public final class Groups {

    private Groups() {}

    /** {@code weft network}. */
    @Command(description = "Create, look at, connect and remove networks.", synopsisSubcommandLabel = "COMMAND")
    public static final class Network {}

    /** {@code weft sandbox}. */
    @Command(description = "Attach, look at, rename and remove sandboxes.", synopsisSubcommandLabel = "COMMAND")
    public static final class Sandbox {}

    /** {@code weft port}. */
    @Command(description = "Publish ports of sandboxes, and list them.", synopsisSubcommandLabel = "COMMAND")
    public static final class Port {}

    /** {@code weft ipam}. */
    @Command(description = "Look at addresses: use, holders, leaks.", synopsisSubcommandLabel = "COMMAND")
    public static final class Ipam {}

    /** {@code weft node}. */
    @Command(description = "Look at, drain and remove nodes.", synopsisSubcommandLabel = "COMMAND")
    public static final class Node {}

    /** {@code weft node token}. */
    @Command(description = "Tokens that hosts join the cluster with.", synopsisSubcommandLabel = "COMMAND")
    public static final class Token {}

    /** {@code weft ca}. */
    @Command(
            description = "The cluster's certificate authority: make it, issue, list and revoke certificates.",
            synopsisSubcommandLabel = "COMMAND")
    public static final class Ca {}
}
