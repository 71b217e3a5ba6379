package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.admission.BandwidthRequest;
import dev.weft.controlplane.admission.EndpointAdmission;
import dev.weft.controlplane.admission.EndpointFacts;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.References.Nearness;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.Bandwidth;
import dev.weft.net.BitRate;
import java.util.Optional;
import java.util.OptionalLong;

/** Changes an endpoint's limits; everything else of it stays. */
final class UpdateEndpoint implements UseCase<UpdateEndpoint.Updated> {

    private final Core core;
    private final String sandboxReference;
    private final String networkReference;
    private final Change change;

    /** New limits in bits per second, 0 for none; what is empty stays. */
    record Change(OptionalLong ingress, OptionalLong egress) {

        BandwidthRequest on(Bandwidth now) {
            return new BandwidthRequest(
                    ingress.orElseGet(() -> bits(now.ingress())), egress.orElseGet(() -> bits(now.egress())));
        }

        /** The change that undoes another of an endpoint that had these limits. */
        static Change to(Bandwidth before) {
            return new Change(OptionalLong.of(bits(before.ingress())), OptionalLong.of(bits(before.egress())));
        }

        private static long bits(Optional<BitRate> rate) {
            return rate.map(BitRate::bitsPerSecond).orElse(0L);
        }
    }

    /** @param before its limits until now */
    record Updated(Endpoint endpoint, Bandwidth before) {}

    UpdateEndpoint(Core core, String sandboxReference, String networkReference, Change change) {
        this.core = core;
        this.sandboxReference = sandboxReference;
        this.networkReference = networkReference;
        this.change = change;
    }

    @Override
    public Draft<Updated> decide(AddressReservations.Batch reservations) {
        Found found = core.state().read(this::find);
        Bandwidth before =
                found.endpoint().map(endpoint -> endpoint.value().bandwidth()).orElse(Bandwidth.UNLIMITED);
        Bandwidth after = Refusals.admitted(
                        EndpointAdmission.admitBandwidth(found.network(), found.facts(), change.on(before)))
                .bandwidth();
        Sandbox sandbox = found.facts().sandbox();
        NodeConnection.require(core, sandbox.node());
        Versioned<Endpoint> stored = found.endpoint().orElseThrow();
        Endpoint changed = stored.value().with(after);
        ByteString value = ModelCodec.ENDPOINT.encode(changed);
        Transaction.Builder transaction = Transaction.builder()
                .when(new Compare.ModifiedAt(Keys.endpoint(changed.id()), stored.modRevision()))
                .put(Keys.endpoint(changed.id()), value);
        return new Draft<>(
                transaction,
                new Updated(changed, before),
                new Draft.Evidence.Written(Keys.endpoint(changed.id()), value),
                changed.id().value(),
                sandbox.name());
    }

    /** As of one moment. */
    private record Found(Network network, EndpointFacts facts, Optional<Versioned<Endpoint>> endpoint) {}

    private Found find(ClusterView view) {
        Sandbox sandbox = References.sandbox(view, sandboxReference).value();
        Network network = References.network(view, networkReference, new Nearness.Near(Optional.of(sandbox.node())))
                .value();
        return new Found(
                network,
                CreateEndpoint.facts(view, sandbox, network.id().value()),
                view.endpointsIn(sandbox.id()).stream()
                        .filter(endpoint -> endpoint.value().network().equals(network.id()))
                        .findFirst());
    }

    @Override
    public Updated repeat(RequestRecord record) {
        return core.state()
                .read(view -> view.endpoint(new EndpointId(record.resultId())))
                .map(endpoint -> new Updated(endpoint.value(), endpoint.value().bandwidth()))
                .orElseThrow(() -> new ServiceException(
                        Reason.REQUEST_RESULT_GONE,
                        "the endpoint that this request changed in sandbox " + record.resultName()
                                + " has been deleted since"));
    }
}
