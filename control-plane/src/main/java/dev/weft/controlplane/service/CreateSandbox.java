package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.AdmittedEndpoint;
import dev.weft.controlplane.admission.AdmittedSandbox;
import dev.weft.controlplane.admission.SandboxAdmission;
import dev.weft.controlplane.admission.SandboxFacts;
import dev.weft.controlplane.admission.SandboxRequest;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NameClaim;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.InterfaceName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes a sandbox with all its endpoints, in one transaction. */
final class CreateSandbox implements UseCase<CreateSandbox.Created> {

    private final Core core;
    private final SandboxRequest request;
    private final Optional<NodeName> viaNode;
    private final SandboxId id;
    private final List<EndpointId> endpointIds;

    /** What was made. */
    record Created(Sandbox sandbox, List<Endpoint> endpoints) {}

    CreateSandbox(Core core, SandboxRequest request, Optional<NodeName> viaNode) {
        this.core = core;
        this.request = request;
        this.viaNode = viaNode;
        this.id = core.ids().sandbox();
        this.endpointIds = Stream.generate(core.ids()::endpoint)
                .limit(SandboxAdmission.MAX_ENDPOINTS)
                .toList();
    }

    @Override
    public Draft<Created> decide(AddressReservations.Batch reservations) {
        // Of one view: a drain or a removal that comes after it changes the node's key.
        record Decision(AdmittedSandbox admitted, long nodeRevision) {}
        Decision decision = core.state().read(view -> {
            AdmittedSandbox admitted = Refusals.admitted(SandboxAdmission.admit(request, facts(view)));
            return new Decision(
                    admitted, References.node(view, admitted.node().value()).modRevision());
        });
        AdmittedSandbox admitted = decision.admitted();
        NodeConnection.require(core, admitted.node());
        core.state().read(view -> {
            NodeCapacity.requireSandbox(view, admitted.node(), admitted.mode());
            return admitted;
        });
        Instant now = core.clock().instant().truncatedTo(ChronoUnit.MICROS);
        Transaction.Builder transaction = Transaction.builder();
        Sandbox sandbox = new Sandbox(
                id,
                admitted.name().orElseGet(this::freeName),
                admitted.node(),
                admitted.mode(),
                admitted.hostname().orElseGet(() -> hostname(admitted)),
                admitted.labels(),
                now,
                core.ports().claim(core, admitted.node(), admitted.ports(), transaction),
                admitted.nameSettings());
        ByteString value = ModelCodec.SANDBOX.encode(sandbox);
        transaction
                .when(new Compare.ModifiedAt(Keys.node(sandbox.node()), decision.nodeRevision()))
                .whenAbsent(Keys.sandbox(id))
                .put(Keys.sandbox(id), value)
                .whenAbsent(Keys.sandboxName(sandbox.name()))
                .put(Keys.sandboxName(sandbox.name()), ModelCodec.NAME_CLAIM.encode(new NameClaim(id.value())))
                .put(Keys.attachments(id), ByteString.EMPTY);
        if (sandbox.mode() instanceof Sandbox.Mode.Shared(SandboxId owner)) {
            SharedNamespaces.join(core, owner, transaction);
        }
        NewEndpoint maker = new NewEndpoint(core, sandbox, now, reservations, transaction);
        // Names that were asked for stay clear of those that are made up.
        Set<InterfaceName> names = admitted.endpoints().stream()
                .flatMap(endpoint -> endpoint.interfaceName().stream())
                .collect(Collectors.toCollection(HashSet::new));
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < admitted.endpoints().size(); i++) {
            AdmittedEndpoint wish = admitted.endpoints().get(i);
            endpoints.add(maker.write("endpoints[" + i + "]", endpointIds.get(i), wish, names));
        }
        return new Draft<>(
                transaction,
                new Created(sandbox, List.copyOf(endpoints)),
                new Draft.Evidence.Written(Keys.sandbox(id), value),
                id.value(),
                sandbox.name());
    }

    private SandboxFacts facts(ClusterView view) {
        return new SandboxFacts(
                viaNode,
                new ViewedNodes(view),
                view.sandboxNamed(request.name()).map(sandbox -> sandbox.value().id()),
                (reference, node) -> References.resolve(view, reference, node),
                SharedNamespaces.owner(view, request.namespace().sharedSandbox()),
                (node, mode) -> view.sandboxesOn(node).stream()
                        .map(Versioned::value)
                        .filter(sandbox -> sandbox.mode().equals(mode))
                        .findFirst());
    }

    private String freeName() {
        return core.state()
                .read(view -> core.names().next(name -> view.sandboxNamed(name).isPresent()));
    }

    /** As Docker: the short id, the node's own name in the host's namespace, the owner's in another sandbox's. */
    private String hostname(AdmittedSandbox admitted) {
        return switch (admitted.mode()) {
            case Sandbox.Mode.Managed() -> id.shortId();
            case Sandbox.Mode.External _, Sandbox.Mode.ExternalProcess _ -> id.shortId();
            case Sandbox.Mode.Host() ->
                core.state()
                        .read(view -> view.node(admitted.node()))
                        .map(node -> node.value().facts().hostname())
                        .orElseGet(() -> admitted.node().value());
            case Sandbox.Mode.Shared(SandboxId owner) ->
                core.state()
                        .read(view -> view.sandbox(owner))
                        .orElseThrow(() -> SharedNamespaces.gone(owner))
                        .value()
                        .hostname();
        };
    }

    @Override
    public Created repeat(RequestRecord record) {
        return core.state()
                .read(view -> view.sandbox(new SandboxId(record.resultId()))
                        .map(found -> new Created(
                                found.value(),
                                view.endpointsIn(found.value().id()).stream()
                                        .map(endpoint -> endpoint.value())
                                        .toList()))
                        .orElseThrow(() -> new ServiceException(
                                Reason.REQUEST_RESULT_GONE,
                                "the sandbox that this request made, " + record.resultName()
                                        + ", has been deleted since")));
    }
}
