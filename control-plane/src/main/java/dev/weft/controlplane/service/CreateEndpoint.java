package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.AdmittedEndpoint;
import dev.weft.controlplane.admission.EndpointAdmission;
import dev.weft.controlplane.admission.EndpointFacts;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.admission.SandboxAdmission;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.InterfaceName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Connects a sandbox to one more network. Joins and leaves of one sandbox compare and write its guard key, so they happen
 * one after the other: interface names and the rule of one endpoint a network rest on that.
 */
final class CreateEndpoint implements UseCase<Endpoint> {

    private final Core core;
    private final String sandboxReference;
    private final EndpointRequest request;
    private final EndpointId id;

    CreateEndpoint(Core core, String sandboxReference, EndpointRequest request) {
        this.core = core;
        this.sandboxReference = sandboxReference;
        this.request = request;
        this.id = core.ids().endpoint();
    }

    @Override
    public Draft<Endpoint> decide(AddressReservations.Batch reservations) {
        Versioned<Sandbox> found = core.state().read(view -> References.sandbox(view, sandboxReference));
        Sandbox sandbox = found.value();
        Compare unchanged = AttachmentsGuard.unchanged(core, sandbox.id());
        EndpointFacts facts = core.state().read(view -> facts(view, sandbox, request.networkReference()));
        AdmittedEndpoint admitted = Refusals.admitted(EndpointAdmission.admit(request, facts));
        if (facts.attachments().size() >= SandboxAdmission.MAX_ENDPOINTS) {
            throw new ServiceException(
                    Reason.TOO_MANY_PARTS,
                    "sandbox " + sandbox.name() + " has " + facts.attachments().size()
                            + " endpoints, as many as one may have; disconnect one first");
        }
        NodeConnection.require(core, sandbox.node());
        Instant now = core.clock().instant().truncatedTo(ChronoUnit.MICROS);
        Transaction.Builder transaction = Transaction.builder()
                .when(new Compare.ModifiedAt(Keys.sandbox(sandbox.id()), found.modRevision()))
                .when(unchanged)
                .put(Keys.attachments(sandbox.id()), ByteString.EMPTY);
        Endpoint endpoint = new NewEndpoint(core, sandbox, now, reservations, transaction)
                .write("endpoint", id, admitted, interfaceNames(facts.attachments()));
        return new Draft<>(
                transaction,
                endpoint,
                new Draft.Evidence.Written(Keys.endpoint(id), ModelCodec.ENDPOINT.encode(endpoint)),
                id.value(),
                sandbox.name());
    }

    static EndpointFacts facts(ClusterView view, Sandbox sandbox, String networkReference) {
        return new EndpointFacts(
                References.resolve(view, networkReference, sandbox.node()),
                sandbox,
                view.endpointsIn(sandbox.id()).stream()
                        .flatMap(endpoint -> view.network(endpoint.value().network()).stream()
                                .map(network -> new EndpointFacts.Attachment(endpoint.value(), network.value())))
                        .toList());
    }

    private static Set<InterfaceName> interfaceNames(List<EndpointFacts.Attachment> attachments) {
        return attachments.stream()
                .flatMap(attachment -> attachment.endpoint().link().stream())
                .map(Endpoint.Link::name)
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Override
    public Endpoint repeat(RequestRecord record) {
        return core.state()
                .read(view -> view.endpoint(new EndpointId(record.resultId())))
                .orElseThrow(() -> new ServiceException(
                        Reason.REQUEST_RESULT_GONE,
                        "the endpoint that this request made in sandbox " + record.resultName()
                                + " has been deleted since"))
                .value();
    }
}
