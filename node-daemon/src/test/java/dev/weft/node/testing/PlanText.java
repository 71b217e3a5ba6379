package dev.weft.node.testing;

import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceOrigin;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.Phase;
import dev.weft.node.reconcile.ObjectTables;
import dev.weft.node.reconcile.Plan;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeSet;

/** Plans and desired states as text for golden files. */
public final class PlanText {

    private PlanText() {}

    public static String of(Plan plan) {
        StringBuilder text = new StringBuilder();
        Phase phase = null;
        for (Plan.Step step : plan.steps()) {
            if (step.operation().phase() != phase) {
                phase = step.operation().phase();
                text.append(phase.name().toLowerCase(Locale.ROOT)).append('\n');
            }
            text.append("  ")
                    .append(step.namespace())
                    .append(": ")
                    .append(of(step.operation()))
                    .append('\n');
        }
        for (Plan.Conflict conflict : plan.conflicts()) {
            text.append("conflict ")
                    .append(conflict.subject())
                    .append(": ")
                    .append(conflict.problem())
                    .append('\n');
        }
        return text.isEmpty() ? "(nothing to do)\n" : text.toString();
    }

    public static String of(ObjectTables tables) {
        StringBuilder text = new StringBuilder();
        for (NamespaceRef namespace : new TreeSet<>(tables.namespaces())) {
            text.append(namespace).append('\n');
            tables.in(namespace).orElseThrow().values().stream()
                    .sorted(Comparator.comparing(KernelObject::key, KernelKey.ORDER))
                    .forEach(object -> text.append("  ").append(of(object)).append('\n'));
        }
        return text.toString();
    }

    private static String of(KernelObject object) {
        return switch (object) {
            case LinkSpec link -> of(link);
            case KernelObject.SandboxNamespace(String id, var origin) ->
                "namespace " + shorten(id)
                        + switch (origin) {
                            case NamespaceOrigin.Own() -> "";
                            case NamespaceOrigin.AtPath(String path) -> " at " + path;
                            case NamespaceOrigin.OfProcess(long pid, long startTime) ->
                                " of process " + pid + " started " + startTime;
                        };
            case KernelObject.SandboxFiles(String id, String hostname, var hosts, var _, var _) ->
                "files " + shorten(id) + " hostname " + hostname + " hosts " + hosts;
            default -> object.toString();
        };
    }

    private static String of(LinkSpec link) {
        StringBuilder text = new StringBuilder("link " + link.name());
        text.append(
                switch (link.kind()) {
                    case LinkKind.Bridge() -> " bridge";
                    case LinkKind.Vxlan(var vni, var local) -> " vxlan " + vni + " local " + local;
                    case LinkKind.VethHost(String sandbox, var peer, var mac) ->
                        " veth peer " + peer + " mac " + mac + " in sandbox " + shorten(sandbox);
                    case LinkKind.VethSandbox(var host) -> " veth of " + host;
                    case LinkKind.Loopback() -> " loopback";
                    case LinkKind.Existing() -> " existing";
                    case LinkKind.Dummy() -> " dummy";
                    case LinkKind.Ifb() -> " ifb";
                    case LinkKind.OnParent onParent ->
                        " " + onParent.kernelName() + " " + onParent.configuration() + " on " + onParent.parent();
                });
        link.mac().ifPresent(mac -> text.append(" mac ").append(mac));
        link.mtu().ifPresent(mtu -> text.append(" mtu ").append(mtu));
        link.master().ifPresent(master -> text.append(" master ").append(master));
        link.mark().ifPresent(mark -> text.append(" mark ").append(mark));
        link.port().ifPresent(port -> text.append(" port ").append(new TreeSet<>(port)));
        return text.toString();
    }

    private static String of(Operation operation) {
        return switch (operation) {
            case Operation.ServeNames(var resolver) ->
                "serve names on " + resolver.networks().size() + " networks";
            case Operation.StopNames _ -> "stop names";
            case Operation.OpenNamespace(var namespace) -> "open " + of(namespace);
            case Operation.RemoveNamespace(var namespace) -> "remove " + of(namespace);
            case Operation.WriteFiles(var files) -> "write " + of(files);
            case Operation.RemoveFiles(String id) -> "remove files " + shorten(id);
            case Operation.SetSysctl(var sysctl, var _) -> "set " + of(sysctl);
            case Operation.CreateLink(var link) -> "create " + of(link);
            case Operation.ChangeLink(var name, var changes) -> "change link " + name + " " + changes;
            case Operation.BringUp(var name) -> "up " + name;
            case Operation.DeleteLink(var name, var _) -> "delete link " + name;
            case Operation.Put(var object, var _) -> "put " + of(object);
            case Operation.Remove(var object, var _) -> "remove " + of(object);
            case Operation.ChangeFirewall(var rebuild, var add, var remove) ->
                (rebuild.isPresent() ? "rebuild firewall" : "change firewall") + " add " + add + " remove " + remove;
        };
    }

    private static String shorten(String id) {
        return id.length() > 12 ? id.substring(0, 12) : id;
    }
}
