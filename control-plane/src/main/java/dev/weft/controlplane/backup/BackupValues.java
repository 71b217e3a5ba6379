package dev.weft.controlplane.backup;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.Codec;
import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.EntityKey;
import java.util.Optional;

/** Whether this version of Weft can work with what a backup has. */
final class BackupValues {

    private BackupValues() {}

    /** @throws BackupException if the key or its value means nothing to this version */
    static void check(String key, ByteString value) {
        EntityKey parsed = EntityKey.parse(key)
                .filter(_ -> BackupScope.isKept(key))
                .orElseThrow(() -> new BackupException("the backup has key " + key
                        + ", which this version of Weft does not know; use the version that" + " made it"));
        try {
            codec(parsed).ifPresent(codec -> codec.decode(key, value));
        } catch (DamagedValueException e) {
            throw new BackupException(
                    "the backup has a value that this version of Weft cannot read, use the version that made it: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Empty for guard keys, which have no value. */
    private static Optional<Codec<?>> codec(EntityKey key) {
        return switch (key) {
            case EntityKey.OfNetwork _ -> Optional.of(ModelCodec.NETWORK);
            case EntityKey.OfSandbox _ -> Optional.of(ModelCodec.SANDBOX);
            case EntityKey.OfEndpoint _ -> Optional.of(ModelCodec.ENDPOINT);
            case EntityKey.OfNode _ -> Optional.of(ModelCodec.NODE);
            case EntityKey.OfLease _ -> Optional.of(ModelCodec.LEASE);
            case EntityKey.OfRestingAddress _ -> Optional.of(ModelCodec.RESTING_ADDRESS);
            case EntityKey.OfMembers _ -> Optional.of(ModelCodec.LAST_CHOSEN);
            case EntityKey.OfGlobalNetworkName _, EntityKey.OfNodeNetworkName _, EntityKey.OfSandboxName _ ->
                Optional.of(ModelCodec.NAME_CLAIM);
            case EntityKey.OfGlobalSpace _, EntityKey.OfNodeSpace _ -> Optional.of(ModelCodec.ADDRESS_SPACE);
            case EntityKey.OfRequest _ -> Optional.of(ModelCodec.REQUEST_RECORD);
            case EntityKey.OfLeader _, EntityKey.OfLastLeader _ -> Optional.of(ModelCodec.LEADER);
            case EntityKey.OfJoinToken _ -> Optional.of(ModelCodec.JOIN_TOKEN);
            case EntityKey.OfCertificate _ -> Optional.of(ModelCodec.ISSUED_CERTIFICATE);
            case EntityKey.OfRevokedSerial _, EntityKey.OfRevokedSubject _ -> Optional.of(ModelCodec.REVOCATION);
            case EntityKey.OfSpaceEpoch _, EntityKey.OfAttachments _, EntityKey.OfPorts _, EntityKey.OfRestoring _ ->
                Optional.empty();
        };
    }
}
