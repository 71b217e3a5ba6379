package dev.weft.cli;

import dev.weft.cli.command.Backup;
import dev.weft.cli.command.CaInit;
import dev.weft.cli.command.CaIssue;
import dev.weft.cli.command.CaLs;
import dev.weft.cli.command.CaRevoke;
import dev.weft.cli.command.Completion;
import dev.weft.cli.command.Events;
import dev.weft.cli.command.Exec;
import dev.weft.cli.command.Groups;
import dev.weft.cli.command.IpamLeaks;
import dev.weft.cli.command.IpamLs;
import dev.weft.cli.command.IpamShow;
import dev.weft.cli.command.NetworkConnect;
import dev.weft.cli.command.NetworkCreate;
import dev.weft.cli.command.NetworkDisconnect;
import dev.weft.cli.command.NetworkInspect;
import dev.weft.cli.command.NetworkLimit;
import dev.weft.cli.command.NetworkLs;
import dev.weft.cli.command.NetworkPrune;
import dev.weft.cli.command.NetworkRm;
import dev.weft.cli.command.NodeDrain;
import dev.weft.cli.command.NodeInspect;
import dev.weft.cli.command.NodeLs;
import dev.weft.cli.command.NodeRm;
import dev.weft.cli.command.PortAdd;
import dev.weft.cli.command.PortAudit;
import dev.weft.cli.command.PortLs;
import dev.weft.cli.command.PortRm;
import dev.weft.cli.command.Restore;
import dev.weft.cli.command.Run;
import dev.weft.cli.command.SandboxAttach;
import dev.weft.cli.command.SandboxInspect;
import dev.weft.cli.command.SandboxLs;
import dev.weft.cli.command.SandboxRename;
import dev.weft.cli.command.SandboxRm;
import dev.weft.cli.command.TokenCreate;
import dev.weft.cli.command.TokenLs;
import dev.weft.cli.command.TokenRm;
import dev.weft.cli.command.Up;
import dev.weft.cli.command.Version;
import dev.weft.cli.lab.LabDown;
import dev.weft.cli.lab.LabExec;
import dev.weft.cli.lab.LabGroup;
import dev.weft.cli.lab.LabHeal;
import dev.weft.cli.lab.LabKill;
import dev.weft.cli.lab.LabLose;
import dev.weft.cli.lab.LabPartition;
import dev.weft.cli.lab.LabRestart;
import dev.weft.cli.lab.LabStatus;
import dev.weft.cli.lab.LabUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * All commands. A command line is made with as few of them as its arguments allow: picocli reads each command class by
 * reflection, and most of a short command's time would go into commands that nobody asked for.
 */
public final class CommandTree {

    /** A leaf has no children. */
    private record Entry(String name, Function<Weft, Object> make, List<Entry> children) {

        boolean stopsAtPositional() {
            return name.equals("run") || name.equals("exec");
        }
    }

    /** Of {@code weft node token create}. */
    private static final int DEPTH = 3;

    /** Options that may stand before the command's name. */
    private static final List<String> WITH_VALUE = List.of("-H", "--host", "--ca", "--cert", "--key");

    private static final List<Entry> TOP = List.of(
            leaf("run", Run::new),
            leaf("exec", Exec::new),
            group(
                    "network",
                    _ -> new Groups.Network(),
                    leaf("create", NetworkCreate::new),
                    leaf("ls", NetworkLs::new),
                    leaf("inspect", NetworkInspect::new),
                    leaf("connect", NetworkConnect::new),
                    leaf("disconnect", NetworkDisconnect::new),
                    leaf("limit", NetworkLimit::new),
                    leaf("rm", NetworkRm::new),
                    leaf("prune", NetworkPrune::new)),
            group(
                    "sandbox",
                    _ -> new Groups.Sandbox(),
                    leaf("attach", SandboxAttach::new),
                    leaf("ls", SandboxLs::new),
                    leaf("inspect", SandboxInspect::new),
                    leaf("rename", SandboxRename::new),
                    leaf("rm", SandboxRm::new)),
            group(
                    "port",
                    _ -> new Groups.Port(),
                    leaf("add", PortAdd::new),
                    leaf("rm", PortRm::new),
                    leaf("ls", PortLs::new),
                    leaf("audit", PortAudit::new)),
            group(
                    "ipam",
                    _ -> new Groups.Ipam(),
                    leaf("ls", IpamLs::new),
                    leaf("show", IpamShow::new),
                    leaf("leaks", IpamLeaks::new)),
            group(
                    "node",
                    _ -> new Groups.Node(),
                    leaf("ls", NodeLs::new),
                    leaf("inspect", NodeInspect::new),
                    leaf("drain", NodeDrain::new),
                    leaf("rm", NodeRm::new),
                    group(
                            "token",
                            _ -> new Groups.Token(),
                            leaf("create", TokenCreate::new),
                            leaf("ls", TokenLs::new),
                            leaf("rm", TokenRm::new))),
            group(
                    "ca",
                    _ -> new Groups.Ca(),
                    leaf("init", CaInit::new),
                    leaf("issue", CaIssue::new),
                    leaf("ls", CaLs::new),
                    leaf("revoke", CaRevoke::new)),
            group(
                    "lab",
                    _ -> new LabGroup(),
                    leaf("up", LabUp::new),
                    leaf("down", LabDown::new),
                    leaf("exec", LabExec::new),
                    leaf("partition", LabPartition::new),
                    leaf("lose", LabLose::new),
                    leaf("heal", LabHeal::new),
                    leaf("kill", LabKill::new),
                    leaf("restart", LabRestart::new),
                    leaf("status", LabStatus::new)),
            leaf("events", Events::new),
            leaf("backup", Backup::new),
            leaf("restore", _ -> new Restore()),
            leaf("up", Up::new),
            leaf("completion", Completion::new),
            leaf("version", Version::new));

    private final Weft weft;

    public CommandTree(Weft weft) {
        this.weft = weft;
    }

    private static Entry leaf(String name, Function<Weft, Object> make) {
        return new Entry(name, make, List.of());
    }

    private static Entry group(String name, Function<Weft, Object> make, Entry... children) {
        return new Entry(name, make, List.of(children));
    }

    /** With every command. */
    public CommandLine whole() {
        return forWords(List.of());
    }

    /** Enough to execute these arguments, help and misspelt names included. */
    CommandLine forArguments(String... args) {
        return forWords(words(args));
    }

    private CommandLine forWords(List<String> words) {
        CommandLine root = new CommandLine(weft);
        root.getCommandSpec().versionProvider(() -> new String[] {Version.text()});
        add(root, TOP, words);
        return root;
    }

    private void add(CommandLine parent, List<Entry> entries, List<String> words) {
        Optional<Entry> named = words.isEmpty()
                ? Optional.empty()
                : entries.stream()
                        .filter(entry -> entry.name().equals(words.getFirst()))
                        .findFirst();
        List<String> rest = named.isEmpty() ? List.of() : words.subList(1, words.size());
        for (Entry entry : named.map(List::of).orElse(entries)) {
            CommandLine child = new CommandLine(entry.make().apply(weft));
            // What follows the sandbox or the command of run and exec belongs to that command, options included.
            child.getCommandSpec().parser().stopAtPositional(entry.stopsAtPositional());
            add(child, entry.children(), rest);
            parent.addSubcommand(entry.name(), child);
        }
    }

    /** The first arguments that are no option and no value of one that every command has. */
    private static List<String> words(String... args) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < args.length && words.size() < DEPTH; i++) {
            if (WITH_VALUE.contains(args[i])) {
                i++;
            } else if (!args[i].startsWith("-")) {
                words.add(args[i]);
            }
        }
        return words;
    }
}
