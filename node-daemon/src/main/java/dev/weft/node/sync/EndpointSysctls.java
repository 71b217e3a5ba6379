package dev.weft.node.sync;

import dev.weft.net.InterfaceName;
import dev.weft.node.kernel.KernelObject.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings of an endpoint's interface, from Docker's driver option: {@code net.ipv4.conf.IFNAME.log_martians=1,…}. */
final class EndpointSysctls {

    private static final String OPTION = "com.docker.network.endpoint.sysctls";

    private static final Pattern SETTING =
            Pattern.compile("net\\.(ipv4|ipv6|mpls)\\.([a-z0-9_]+)\\.(?:IFNAME|ifname)\\.([a-z0-9_]+)=([^,=]+)");

    private EndpointSysctls() {}

    /** @throws IllegalArgumentException if the option makes no sense, or the endpoint has no interface */
    static List<Sysctl> of(Map<String, String> options, Optional<InterfaceName> interfaceName) {
        String option = options.getOrDefault(OPTION, "");
        if (option.isEmpty()) {
            return List.of();
        }
        InterfaceName name = interfaceName.orElseThrow(
                () -> new IllegalArgumentException("it has settings of an interface, and no interface"));
        List<Sysctl> sysctls = new ArrayList<>();
        for (String text : option.split(",", -1)) {
            Matcher setting = SETTING.matcher(text);
            if (!setting.matches()) {
                throw new IllegalArgumentException("invalid interface setting '" + text + "'");
            }
            sysctls.add(new Sysctl(
                    "net/" + setting.group(1) + "/" + setting.group(2) + "/" + name + "/" + setting.group(3),
                    asReadBack(setting.group(4))));
        }
        return sysctls;
    }

    /** The kernel shows numbers without leading zeros and spaces; another spelling would look like drift for ever. */
    private static String asReadBack(String value) {
        String text = value.strip();
        return text.matches("-?[0-9]{1,18}") ? Long.toString(Long.parseLong(text)) : text;
    }
}
