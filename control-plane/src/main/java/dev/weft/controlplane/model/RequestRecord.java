package dev.weft.controlplane.model;

import java.util.HexFormat;

/**
 * What a request with an id of its caller's did, so that its repetition answers the same.
 *
 * @param method full gRPC method name
 * @param requestHash of the request, in hexadecimal: tells a repetition from another request with the same id
 * @param resultId id of the object that the request made or removed
 * @param resultName its name: a removed object cannot be asked for it any more; empty where it has none
 */
public record RequestRecord(String method, String requestHash, String resultId, String resultName) {

    public RequestRecord {
        // Fails on anything that is not hexadecimal.
        requestHash = HexFormat.of().formatHex(HexFormat.of().parseHex(requestHash));
    }
}
