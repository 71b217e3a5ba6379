package dev.weft.controlplane.codec;

import dev.weft.controlplane.model.AddressSpace;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.IssuedCertificate;
import dev.weft.controlplane.model.JoinTokenRecord;
import dev.weft.controlplane.model.LastChosen;
import dev.weft.controlplane.model.Leader;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NameClaim;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Revocation;
import dev.weft.controlplane.model.Sandbox;

/** The values of the store's keys, one codec a kind. */
public final class ModelCodec {

    public static final Codec<Network> NETWORK =
            new ProtoCodec<>(dev.weft.api.v1.Network.parser(), NetworkMapping::write, NetworkMapping::read);

    public static final Codec<Sandbox> SANDBOX =
            new ProtoCodec<>(dev.weft.api.v1.Sandbox.parser(), SandboxMapping::write, SandboxMapping::read);

    public static final Codec<Endpoint> ENDPOINT =
            new ProtoCodec<>(dev.weft.api.v1.Endpoint.parser(), SandboxMapping::write, SandboxMapping::read);

    public static final Codec<Node> NODE =
            new ProtoCodec<>(dev.weft.api.v1.Node.parser(), NodeMapping::write, NodeMapping::read);

    public static final Codec<Lease> LEASE =
            new ProtoCodec<>(dev.weft.store.v1.Lease.parser(), BookkeepingMapping::write, BookkeepingMapping::read);

    public static final Codec<RestingAddress> RESTING_ADDRESS = new ProtoCodec<>(
            dev.weft.store.v1.RestingAddress.parser(), BookkeepingMapping::write, BookkeepingMapping::read);

    public static final Codec<LastChosen> LAST_CHOSEN =
            new ProtoCodec<>(dev.weft.store.v1.Members.parser(), BookkeepingMapping::write, BookkeepingMapping::read);

    public static final Codec<AddressSpace> ADDRESS_SPACE = new ProtoCodec<>(
            dev.weft.store.v1.AddressSpace.parser(), BookkeepingMapping::write, BookkeepingMapping::read);

    public static final Codec<NameClaim> NAME_CLAIM =
            new ProtoCodec<>(dev.weft.store.v1.NameClaim.parser(), BookkeepingMapping::write, BookkeepingMapping::read);

    public static final Codec<RequestRecord> REQUEST_RECORD = new ProtoCodec<>(
            dev.weft.store.v1.RequestRecord.parser(), BookkeepingMapping::write, BookkeepingMapping::read);

    public static final Codec<Leader> LEADER =
            new ProtoCodec<>(dev.weft.store.v1.Leader.parser(), BookkeepingMapping::write, BookkeepingMapping::read);

    public static final Codec<JoinTokenRecord> JOIN_TOKEN =
            new ProtoCodec<>(dev.weft.store.v1.JoinToken.parser(), TrustMapping::write, TrustMapping::read);

    public static final Codec<IssuedCertificate> ISSUED_CERTIFICATE =
            new ProtoCodec<>(dev.weft.store.v1.IssuedCertificate.parser(), TrustMapping::write, TrustMapping::read);

    public static final Codec<Revocation> REVOCATION =
            new ProtoCodec<>(dev.weft.store.v1.Revocation.parser(), TrustMapping::write, TrustMapping::read);

    private ModelCodec() {}
}
