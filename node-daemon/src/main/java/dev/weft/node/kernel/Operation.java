package dev.weft.node.kernel;

import dev.weft.net.InterfaceName;
import java.util.List;
import java.util.Optional;

/** One step of a plan, in one namespace. */
public sealed interface Operation {

    Phase phase();

    /** The object that it is about. */
    KernelKey subject();

    /** Makes a managed namespace, or opens an external one. */
    record OpenNamespace(KernelObject.SandboxNamespace namespace) implements Operation {
        @Override
        public Phase phase() {
            return Phase.NAMESPACE;
        }

        @Override
        public KernelKey subject() {
            return namespace.key();
        }
    }

    /** Ends what runs in a managed namespace and removes it, its files too; lets go of an external one. */
    record RemoveNamespace(KernelObject.SandboxNamespace namespace) implements Operation {
        @Override
        public Phase phase() {
            return Phase.REMOVE_NAMESPACE;
        }

        @Override
        public KernelKey subject() {
            return namespace.key();
        }
    }

    record WriteFiles(KernelObject.SandboxFiles files) implements Operation {
        @Override
        public Phase phase() {
            return Phase.NAMESPACE;
        }

        @Override
        public KernelKey subject() {
            return files.key();
        }
    }

    /** Starts a sandbox's name server, or changes what it does. */
    record ServeNames(KernelObject.Resolver resolver) implements Operation {
        @Override
        public Phase phase() {
            return Phase.NAME_SERVICE;
        }

        @Override
        public KernelKey subject() {
            return resolver.key();
        }
    }

    record StopNames(KernelObject.Resolver resolver) implements Operation {
        @Override
        public Phase phase() {
            return Phase.NAME_SERVICE;
        }

        @Override
        public KernelKey subject() {
            return resolver.key();
        }
    }

    record RemoveFiles(String sandboxId) implements Operation {
        @Override
        public Phase phase() {
            return Phase.REMOVE_NAMESPACE;
        }

        @Override
        public KernelKey subject() {
            return new KernelKey.OfFiles(sandboxId);
        }
    }

    /**
     * Sets a sysctl.
     *
     * @param phase {@link Phase#SYSCTL}, or {@link Phase#LINK_SETTINGS} where the setting exists only once its link does
     */
    record SetSysctl(KernelObject.Sysctl sysctl, Phase phase) implements Operation {
        @Override
        public KernelKey subject() {
            return sysctl.key();
        }
    }

    /** Creates a link, a pair for a veth, with kind, MAC, MTU, master and group in one message; refuses to replace one. */
    record CreateLink(LinkSpec link) implements Operation {
        @Override
        public Phase phase() {
            return switch (link.kind()) {
                case LinkKind.Bridge _, LinkKind.Vlan _, LinkKind.Dummy _, LinkKind.Ifb _ -> Phase.CREATE_BRIDGE;
                case LinkKind.Vxlan _,
                        LinkKind.VethHost _,
                        LinkKind.VethSandbox _,
                        LinkKind.SharedWire _,
                        LinkKind.Loopback _,
                        LinkKind.Existing _ -> Phase.CREATE_LINK;
            };
        }

        @Override
        public KernelKey subject() {
            return link.key();
        }
    }

    record ChangeLink(InterfaceName name, List<LinkChange> changes) implements Operation {
        public ChangeLink {
            changes = List.copyOf(changes);
        }

        @Override
        public Phase phase() {
            return Phase.LINK_SETTINGS;
        }

        @Override
        public KernelKey subject() {
            return new KernelKey.OfLink(name);
        }
    }

    record BringUp(InterfaceName name) implements Operation {
        @Override
        public Phase phase() {
            return Phase.LINK_UP;
        }

        @Override
        public KernelKey subject() {
            return new KernelKey.OfLink(name);
        }
    }

    /**
     * Deletes a link.
     *
     * @param phase {@link Phase#DETACH} for ports and whatever is made anew, {@link Phase#REMOVE_LINK} for bridges
     */
    record DeleteLink(InterfaceName name, Phase phase) implements Operation {
        @Override
        public KernelKey subject() {
            return new KernelKey.OfLink(name);
        }
    }

    /** Adds an object that is neither a link nor part of the firewall, or makes it what is said here. */
    record Put(KernelObject object, Phase phase) implements Operation {
        @Override
        public KernelKey subject() {
            return object.key();
        }
    }

    /** Deletes such an object; no error if it is gone already. */
    record Remove(KernelObject object, Phase phase) implements Operation {
        @Override
        public KernelKey subject() {
            return object.key();
        }
    }

    /**
     * One transaction on the firewall table.
     *
     * @param rebuild set where the table is missing or damaged: it is replaced as a whole, {@code add} being all elements
     */
    record ChangeFirewall(
            Optional<KernelObject.FirewallTable> rebuild,
            List<KernelObject.FirewallElement> add,
            List<KernelObject.FirewallElement> remove)
            implements Operation {
        public ChangeFirewall {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }

        public boolean isEmpty() {
            return rebuild.isEmpty() && add.isEmpty() && remove.isEmpty();
        }

        @Override
        public Phase phase() {
            return Phase.FIREWALL;
        }

        @Override
        public KernelKey subject() {
            return new KernelKey.OfTable();
        }
    }
}
