package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.HostBindings;
import dev.weft.controlplane.admission.PortRequest;
import dev.weft.controlplane.admission.PortRules;
import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.admission.Violations;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.ports.PortBindings;
import dev.weft.controlplane.ports.PortRemoval;
import dev.weft.controlplane.ports.PortWish;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.IpAddress;
import dev.weft.net.PortBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Publishes more ports of a sandbox, or fewer. */
final class ChangePorts implements UseCase<ChangePorts.Changed> {

    private final Core core;
    private final String sandboxReference;
    private final Change change;

    /** What is to be changed. */
    sealed interface Change {

        /** More. */
        record Add(List<PortRequest> ports) implements Change {}

        /** Fewer; each must name something that is there. */
        record Remove(List<PortRequest> ports) implements Change {}

        /** Fewer: exactly these, as far as they are still there. */
        record TakeBack(List<PortBinding> ports) implements Change {}
    }

    /**
     * What came of it.
     *
     * @param added bindings that were not there before
     */
    record Changed(Sandbox sandbox, List<PortBinding> added) {}

    ChangePorts(Core core, String sandboxReference, Change change) {
        this.core = core;
        this.sandboxReference = sandboxReference;
        this.change = change;
    }

    @Override
    public Draft<Changed> decide(AddressReservations.Batch reservations) {
        Versioned<Sandbox> found = core.state().read(view -> References.sandbox(view, sandboxReference));
        Sandbox sandbox = found.value();
        Transaction.Builder transaction =
                Transaction.builder().when(new Compare.ModifiedAt(Keys.sandbox(sandbox.id()), found.modRevision()));
        Changed changed = switch (change) {
            case Change.Add(List<PortRequest> ports) -> add(sandbox, ports, transaction);
            case Change.Remove(List<PortRequest> ports) ->
                new Changed(sandbox.withPorts(remove(sandbox, ports)), List.of());
            case Change.TakeBack(List<PortBinding> ports) ->
                new Changed(sandbox.withPorts(takeBack(sandbox, ports)), List.of());
        };
        ByteString value = ModelCodec.SANDBOX.encode(changed.sandbox());
        transaction.put(Keys.sandbox(sandbox.id()), value);
        return new Draft<>(
                transaction,
                changed,
                new Draft.Evidence.Written(Keys.sandbox(sandbox.id()), value),
                sandbox.id().value(),
                sandbox.name());
    }

    private Changed add(Sandbox sandbox, List<PortRequest> requests, Transaction.Builder transaction) {
        Violations violations = new Violations();
        List<PortWish> wishes =
                PortRules.check("ports", requests, core.state().read(view -> hostBindings(view, sandbox)), violations);
        if (requests.isEmpty()) {
            violations.add("ports", Reason.REQUIRED, "no port specified");
        }
        switch (sandbox.mode()) {
            case Sandbox.Mode.Managed _, Sandbox.Mode.External _, Sandbox.Mode.ExternalProcess _ -> {}
            case Sandbox.Mode.Host _ ->
                violations.add(
                        "sandbox",
                        Reason.CONFLICT,
                        "sandbox " + sandbox.name() + " is on the network host and has the host's own ports: there is"
                                + " nothing to publish");
            case Sandbox.Mode.Shared(SandboxId owner) ->
                violations.add(
                        "sandbox",
                        Reason.CONFLICT,
                        "sandbox " + sandbox.name() + " shares the namespace of sandbox " + owner.shortId()
                                + ": publish the ports of that one");
        }
        refuse(violations);
        NodeConnection.require(core, sandbox.node());
        List<PortBinding> added = core.ports().claim(core, sandbox.node(), wishes, transaction);
        List<PortBinding> all = new ArrayList<>(sandbox.ports());
        all.addAll(added);
        List<PortBinding> normalized = PortBindings.normalized(all);
        if (normalized.size() > PortRules.MAX_PORTS) {
            throw new ServiceException(
                    dev.weft.controlplane.service.Reason.TOO_MANY_PARTS,
                    "sandbox " + sandbox.name() + " would publish " + normalized.size() + " ports and ranges; at most "
                            + PortRules.MAX_PORTS + " are possible");
        }
        return new Changed(sandbox.withPorts(normalized), added);
    }

    private static List<IpAddress> hostBindings(ClusterView view, Sandbox sandbox) {
        return HostBindings.of(view.endpointsIn(sandbox.id()).stream()
                .map(Versioned::value)
                .flatMap(endpoint -> view.network(endpoint.network()).stream()
                        .map(network -> new HostBindings.Attachment(network.value(), endpoint.gatewayPriority())))
                .toList());
    }

    private static List<PortBinding> remove(Sandbox sandbox, List<PortRequest> requests) {
        Violations violations = new Violations();
        List<PortBinding> rest = sandbox.ports();
        if (requests.isEmpty()) {
            violations.add("ports", Reason.REQUIRED, "no port specified");
        }
        for (int i = 0; i < requests.size(); i++) {
            Optional<PortRemoval> removal = PortRules.checkRemoval("ports[" + i + "]", requests.get(i), violations);
            if (removal.isPresent()) {
                List<PortBinding> next = PortBindings.without(rest, removal.get());
                if (next.equals(rest)) {
                    throw ServiceException.violated(
                            dev.weft.controlplane.service.Reason.PORT_NOT_FOUND,
                            "ports[" + i + "].host_port",
                            "sandbox " + sandbox.name() + " does not publish " + removal.get());
                }
                rest = next;
            }
        }
        refuse(violations);
        return rest;
    }

    private static List<PortBinding> takeBack(Sandbox sandbox, List<PortBinding> added) {
        List<PortBinding> rest = sandbox.ports();
        for (PortBinding binding : added) {
            rest = PortBindings.without(
                    rest,
                    new PortRemoval(
                            binding.protocol(),
                            Optional.of(binding.hostAddress()),
                            binding.hostPort(),
                            binding.lastHostPort(),
                            binding.containerPort()));
        }
        return rest;
    }

    private static void refuse(Violations violations) {
        if (!violations.isEmpty()) {
            throw Refusals.rejected(violations.list());
        }
    }

    @Override
    public Changed repeat(RequestRecord record) {
        return core.state()
                .read(view -> view.sandbox(new SandboxId(record.resultId())))
                .map(sandbox -> new Changed(sandbox.value(), List.of()))
                .orElseThrow(() -> new ServiceException(
                        dev.weft.controlplane.service.Reason.REQUEST_RESULT_GONE,
                        "the sandbox of this request, " + record.resultName() + ", has been deleted since"));
    }
}
