package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.Phase;
import java.util.Optional;

/** How an object that is neither a link nor part of the firewall comes and goes, and when in a pass. */
final class ObjectOperations {

    private ObjectOperations() {}

    static Operation addition(KernelObject object) {
        return switch (object) {
            case KernelObject.SandboxNamespace namespace -> new Operation.OpenNamespace(namespace);
            case KernelObject.SandboxFiles files -> new Operation.WriteFiles(files);
            case KernelObject.Sysctl sysctl ->
                new Operation.SetSysctl(sysctl, sysctl.key().link().isPresent() ? Phase.LINK_SETTINGS : Phase.SYSCTL);
            case KernelObject.LinkAddress _ -> new Operation.Put(object, Phase.ADDRESS);
            case KernelObject.Qdisc _ -> new Operation.Put(object, Phase.LIMIT);
            case KernelObject.Diversion _ -> new Operation.Put(object, Phase.DIVERT);
            case KernelObject.HostPort _ -> new Operation.Put(object, Phase.HOLD_PORT);
            case KernelObject.TunnelEntry _, KernelObject.FloodEntry _, KernelObject.PortEntry _ ->
                new Operation.Put(object, Phase.FDB);
            case KernelObject.Neighbor _ -> new Operation.Put(object, Phase.NEIGHBOR);
            case KernelObject.Route _ -> new Operation.Put(object, Phase.ROUTE);
            case KernelObject.Resolver resolver -> new Operation.ServeNames(resolver);
            case LinkSpec _, ObservedLink _, KernelObject.FirewallTable _, KernelObject.FirewallElement _ ->
                throw new IllegalArgumentException(object + " is planned elsewhere");
        };
    }

    /** Empty for what has no absence. */
    static Optional<Operation> removal(KernelObject object) {
        return switch (object) {
            case KernelObject.SandboxNamespace namespace -> Optional.of(new Operation.RemoveNamespace(namespace));
            case KernelObject.SandboxFiles files -> Optional.of(new Operation.RemoveFiles(files.sandboxId()));
            case KernelObject.Resolver resolver -> Optional.of(new Operation.StopNames(resolver));
            case KernelObject.Sysctl _ -> Optional.empty();
            case KernelObject.LinkAddress _ -> remove(object, Phase.REMOVE_ADDRESS);
            case KernelObject.Qdisc _ -> remove(object, Phase.REMOVE_LIMIT);
            case KernelObject.Diversion _ -> remove(object, Phase.END_DIVERSION);
            case KernelObject.HostPort _ -> remove(object, Phase.RELEASE_PORT);
            case KernelObject.TunnelEntry _, KernelObject.FloodEntry _, KernelObject.PortEntry _ ->
                remove(object, Phase.REMOVE_FDB);
            case KernelObject.Neighbor _ -> remove(object, Phase.REMOVE_NEIGHBOR);
            case KernelObject.Route _ -> remove(object, Phase.REMOVE_ROUTE);
            case LinkSpec _, ObservedLink _, KernelObject.FirewallTable _, KernelObject.FirewallElement _ ->
                throw new IllegalArgumentException(object + " is planned elsewhere");
        };
    }

    private static Optional<Operation> remove(KernelObject object, Phase phase) {
        return Optional.of(new Operation.Remove(object, phase));
    }
}
