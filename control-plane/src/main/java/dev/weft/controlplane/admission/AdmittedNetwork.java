package dev.weft.controlplane.admission;

import dev.weft.controlplane.ipam.SubnetWish;
import dev.weft.controlplane.ipam.VniWish;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.IpFamily;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network that may be made once its subnets are found.
 *
 * @param subnets the request's in their order, then one for each family without
 */
public record AdmittedNetwork(
        String name,
        Driver driver,
        Scope scope,
        Set<IpFamily> families,
        List<SubnetWish> subnets,
        VniWish vnis,
        String ipamDriver,
        Map<String, String> ipamOptions,
        Set<Network.Trait> traits,
        Map<String, String> options,
        Map<String, String> labels,
        Configuration configuration) {

    public AdmittedNetwork {
        families = Set.copyOf(families);
        subnets = List.copyOf(subnets);
    }

    /** The same, with its configuration from there. */
    AdmittedNetwork from(Configuration source) {
        return new AdmittedNetwork(
                name, driver, scope, families, subnets, vnis, ipamDriver, ipamOptions, traits, options, labels, source);
    }

    /** The network itself, with the subnets that a plan gave it. */
    public Network toNetwork(NetworkId id, Instant createTime, List<Subnet> planned) {
        return new Network(
                id,
                name,
                driver,
                scope,
                createTime,
                families,
                planned,
                ipamDriver,
                ipamOptions,
                traits,
                options,
                labels,
                configuration);
    }
}
