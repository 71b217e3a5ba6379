package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.NameSettings;
import dev.weft.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a sandbox may resolve names: Docker's checks, and bounds so that what is a line of a file stays one. */
final class NameRules {

    static final int MAX_ENTRIES = 128;

    /** In place of an address: the node, as its sandboxes reach it. */
    private static final String HOST_GATEWAY = "host-gateway";

    /** A search list of this alone is an empty one, where an absent one is the node's. */
    private static final String NO_SEARCH = ".";

    private static final Pattern DOMAIN = Pattern.compile(
            "[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?(\\.[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)*\\.?");

    private static final int MAX_DOMAIN = 253;
    private static final Pattern OPTION = Pattern.compile("[a-zA-Z0-9_:.-]{1,64}");

    private final NameRequest request;
    private final Violations violations;

    NameRules(NameRequest request, Violations violations) {
        this.request = request;
        this.violations = violations;
    }

    /** The settings as far as they can be understood; what cannot has a violation. */
    NameSettings check() {
        List<IpAddress> servers = new ArrayList<>();
        each(
                "dns_servers",
                request.servers(),
                (field, text) -> server(field, text).ifPresent(servers::add));
        each("dns_search", request.search(), this::checkDomain);
        each("dns_options", request.options(), this::checkOption);
        List<String> hosts = new ArrayList<>();
        each(
                "extra_hosts",
                request.extraHosts(),
                (field, text) -> host(field, text).ifPresent(hosts::add));
        return new NameSettings(servers, request.search(), request.options(), hosts);
    }

    private interface Check {
        void accept(String field, String text);
    }

    private void each(String field, List<String> texts, Check check) {
        if (texts.size() > MAX_ENTRIES) {
            violations.add(field, Reason.TOO_MANY, texts.size() + " entries are too many: at most " + MAX_ENTRIES);
            return;
        }
        for (int i = 0; i < texts.size(); i++) {
            check.accept(field + "[" + i + "]", texts.get(i));
        }
    }

    private Optional<IpAddress> server(String field, String text) {
        Optional<IpAddress> server = address(text);
        if (server.isEmpty()) {
            violations.add(field, Reason.MALFORMED, shown(text) + " is not an ip address");
        } else if (server.get().isUnspecified() || server.get().isMulticast()) {
            violations.add(field, Reason.RESERVED, shown(text) + " is no server's address");
            return Optional.empty();
        }
        return server;
    }

    private void checkDomain(String field, String text) {
        boolean none = text.equals(NO_SEARCH) && request.search().size() == 1;
        if (!none && (text.length() > MAX_DOMAIN || !DOMAIN.matcher(text).matches())) {
            violations.add(
                    field,
                    Reason.MALFORMED,
                    shown(text)
                            + " is not a valid domain: it should be labels of letters, digits, '-' and '_' joined by"
                            + " '.', or '.' alone for no search domains");
        }
    }

    private void checkOption(String field, String text) {
        if (!OPTION.matcher(text).matches()) {
            violations.add(
                    field,
                    Reason.MALFORMED,
                    "invalid resolv.conf option '" + shown(text) + "': it should be a word such as ndots:2 or rotate");
        }
    }

    /** A line of /etc/hosts in canonical form. */
    private Optional<String> host(String field, String text) {
        int colon = text.indexOf(':');
        String name = text.substring(0, Math.max(colon, 0));
        String target = text.substring(colon + 1);
        if (name.length() > MAX_DOMAIN || !DOMAIN.matcher(name).matches()) {
            violations.add(
                    field, Reason.MALFORMED, "bad format for add-host: " + shown(text) + ": it should be name:address");
            return Optional.empty();
        }
        if (target.equals(HOST_GATEWAY)) {
            return Optional.of(name + ":" + HOST_GATEWAY);
        }
        boolean bracketed = target.startsWith("[") && target.endsWith("]");
        Optional<IpAddress> address = address(bracketed ? target.substring(1, target.length() - 1) : target);
        if (address.isEmpty()) {
            violations.add(field, Reason.MALFORMED, "invalid IP address in add-host: " + shown(target));
        }
        return address.map(found -> name + ":" + found);
    }

    private static Optional<IpAddress> address(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
