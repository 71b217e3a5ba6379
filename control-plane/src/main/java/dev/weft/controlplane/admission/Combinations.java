package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.net.InterfaceName;

/** How requests for one endpoint and for a whole sandbox say what does not go together. */
final class Combinations {

    static final String SHARED_NAMESPACE =
            "container sharing network namespace with another container or host cannot be connected to any other network";
    static final String PRIVATE =
            "container cannot be connected to multiple networks with one of the networks in private (none) mode";

    private Combinations() {}

    static String interfaceField(String endpointField) {
        return endpointField + ".driver_options[" + NetworkOptions.ENDPOINT_INTERFACE + "]";
    }

    static String interfaceTaken(InterfaceName name) {
        return "the sandbox has an interface " + name + " already";
    }
}
