package dev.weft.cli.command;

import dev.weft.api.v1.Subnet;
import dev.weft.cli.CliException;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts ranges, gateways and reserved addresses to the subnets that contain them: on the command line they stand side by
 * side. What does not fit is refused here; everything else about the addresses is the server's to judge.
 */
final class SubnetArguments {

    private record Known(Cidr block, Subnet.Builder builder) {}

    private final List<Known> subnets = new ArrayList<>();

    private SubnetArguments() {}

    static List<Subnet> combine(
            List<String> subnets, List<String> ranges, List<String> gateways, List<String> auxAddresses) {
        if (subnets.size() < ranges.size() || subnets.size() < gateways.size()) {
            throw CliException.usage("every ip-range or gateway must have a corresponding subnet");
        }
        SubnetArguments arguments = new SubnetArguments();
        subnets.forEach(arguments::addSubnet);
        ranges.forEach(arguments::addRange);
        gateways.forEach(arguments::addGateway);
        Arguments.keyValues("--aux-address", auxAddresses).forEach(arguments::addAuxAddress);
        return arguments.subnets.stream().map(known -> known.builder().build()).toList();
    }

    private void addSubnet(String text) {
        Cidr block = block(text);
        if (subnets.stream().anyMatch(known -> known.block().overlaps(block))) {
            throw CliException.usage("multiple overlapping subnet configuration is not supported");
        }
        // As written, host bits included: the server's error names the right block.
        subnets.add(new Known(block, Subnet.newBuilder().setCidr(text)));
    }

    private void addRange(String text) {
        Cidr range = block(text);
        Known known = containing(range.first(), "no matching subnet for range " + text);
        if (!known.builder().getIpRange().isEmpty()) {
            throw CliException.usage("cannot configure multiple ranges (" + text + ", "
                    + known.builder().getIpRange() + ") on the same subnet (" + known.block() + ")");
        }
        known.builder().setIpRange(text);
    }

    private void addGateway(String text) {
        Known known = containing(address(text), "no matching subnet for gateway " + text);
        if (!known.builder().getGateway().isEmpty()) {
            throw CliException.usage("cannot configure multiple gateways (" + text + ", "
                    + known.builder().getGateway() + ") for the same subnet (" + known.block() + ")");
        }
        known.builder().setGateway(text);
    }

    private void addAuxAddress(String name, String text) {
        containing(address(text), "no matching subnet for aux-address " + text)
                .builder()
                .putAllAuxAddresses(Map.of(name, text));
    }

    private Known containing(IpAddress address, String otherwise) {
        return subnets.stream()
                .filter(known -> known.block().contains(address))
                .findFirst()
                .orElseThrow(() -> CliException.usage(otherwise));
    }

    private static Cidr block(String text) {
        try {
            InterfaceAddress parsed = InterfaceAddress.parse(text);
            return Cidr.containing(parsed.address(), parsed.prefixLength());
        } catch (IllegalArgumentException e) {
            throw CliException.usage("invalid subnet " + text + ": " + e.getMessage());
        }
    }

    private static IpAddress address(String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("invalid address \"" + text + "\": " + e.getMessage());
        }
    }
}
