package dev.weft.cli.lab;

import picocli.CommandLine.Command;

/** {@code weft lab}. */
@Command(
        description = "Clusters on this machine for trying things out: hosts are network namespaces. Needs root.",
        synopsisSubcommandLabel = "COMMAND")
public final class LabGroup {}
