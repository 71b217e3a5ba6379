package dev.weft.controlplane.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.weft.controlplane.admission.Admission;
import dev.weft.controlplane.admission.Violation;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.state.Fixtures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilterTest {

    private static final Set<Network.Trait> PREDEFINED = Set.of(Network.Trait.PREDEFINED);
    private static final Network BRIDGE = Fixtures.bridge("h1", "bridge", Map.of(), PREDEFINED, "172.17.0.0/16");
    private static final Network NONE =
            Fixtures.network("none", Driver.NULL, new Scope.Local(new NodeName("h1")), Map.of(), PREDEFINED);
    private static final Network WEB =
            labelled(Fixtures.overlay("web", "10.1.0.0/24"), Map.of("tier", "front", "x", ""));
    private static final Network WEB2 = labelled(Fixtures.bridge("h1", "web-2", "10.2.0.0/24"), Map.of("tier", "back"));
    private static final List<NetworkFilter.Candidate> ALL = List.of(
            new NetworkFilter.Candidate(BRIDGE, 0),
            new NetworkFilter.Candidate(NONE, 0),
            new NetworkFilter.Candidate(WEB, 3),
            new NetworkFilter.Candidate(WEB2, 0));

    private static Network labelled(Network network, Map<String, String> labels) {
        return new Network(
                network.id(),
                network.name(),
                network.driver(),
                network.scope(),
                network.createTime(),
                network.families(),
                network.subnets(),
                network.ipamDriver(),
                network.ipamOptions(),
                network.traits(),
                network.options(),
                labels);
    }

    private static List<Filter> filters(String text) {
        List<Filter> filters = new ArrayList<>();
        for (String one : text.split(" ")) {
            int equals = one.indexOf('=');
            filters.add(new Filter(one.substring(0, equals), one.substring(equals + 1)));
        }
        return filters;
    }

    private static <T> T accepted(Admission<T> admission) {
        return switch (admission) {
            case Admission.Admitted<T>(T value) -> value;
            case Admission.Rejected<T>(List<Violation> violations) -> throw new AssertionError(violations);
        };
    }

    private static <T> List<Violation> violations(Admission<T> admission) {
        return switch (admission) {
            case Admission.Admitted<T> _ -> List.of();
            case Admission.Rejected<T>(List<Violation> violations) -> violations;
        };
    }

    private static List<String> listed(List<Filter> filters) {
        NetworkFilter filter = accepted(NetworkFilter.parse(filters));
        return ALL.stream()
                .filter(filter::matches)
                .map(candidate -> candidate.network().name())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "driver=bridge, bridge web-2",
        "driver=null, none",
        "driver=brid, ''",
        "driver=bridge driver=overlay, bridge web web-2",
        "name=web, web web-2",
        "name=^web$, web",
        "name=^web$ name=none, none web",
        "name=e, bridge none web web-2",
        "name=[, ''",
        "name=w.b-\\d, web-2",
        "label=tier, web web-2",
        "label=tier=front, web",
        "label=tier=front label=x, web",
        "label=tier=front label=tier=back, ''",
        "label=x=, web",
        "label=nosuch, ''",
        "scope=local, bridge none web-2",
        "scope=global, web",
        "scope=swarm, web",
        "type=builtin, bridge none",
        "type=custom, web web-2",
        "type=custom type=builtin, bridge none web web-2",
        "dangling=true, web-2",
        "dangling=1, web-2",
        "dangling=false, bridge none web",
        "driver=bridge name=web, web-2",
    })
    void listing(String filters, String expected) {
        assertThat(String.join(" ", listed(filters(filters)))).isEqualTo(expected);
    }

    @Test
    void idsMatchByAnyPartOfThem() {
        assertThat(listed(List.of(new Filter("id", WEB.id().shortId())))).containsExactly("web");
        assertThat(listed(List.of(new Filter("id", "^" + WEB.id().value() + "$"))))
                .containsExactly("web");
        assertThat(listed(List.of())).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo=x | filters[0].key | invalid filter 'foo'",
                "type=x | filters[0].value | invalid filter: 'type'='x'",
                "dangling=maybe | filters[0].value | invalid value for filter 'dangling', must be",
                "dangling=1 dangling=0 | filters[1].value | got more than one value for filter key \"dangling\"",
            })
    void badFilters(String filters, String field, String message) {
        assertThat(violations(NetworkFilter.parse(filters(filters))))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo(field);
                    assertThat(violation.message()).contains(message);
                });
    }

    @Test
    void filtersAreBounded() {
        assertThat(violations(NetworkFilter.parse(List.of(new Filter("name", "x".repeat(257))))))
                .extracting(Violation::field)
                .containsExactly("filters[0].value");
        List<Filter> many = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            many.add(new Filter("name", "x"));
        }
        assertThat(violations(NetworkFilter.parse(many)))
                .extracting(Violation::field)
                .containsExactly("filters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a*)*$", "(a|a)*$", "((a{1,100}){1,100}){1,100}", "a{1000}{1000}{1000}", "(x+x+)+y", "\\"})
    void noPatternTakesLong(String pattern) {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            TextPattern compiled = TextPattern.of(pattern);
            assertThat(compiled.matches(pattern)).as("at least itself").isTrue();
            compiled.matches("a".repeat(100) + "!");
            compiled.matches("x".repeat(100));
        });
    }

    private static List<String> pruned(String text) {
        PruneFilter filter = accepted(
                PruneFilter.parse(text.isEmpty() ? List.of() : filters(text), Fixtures.THEN.plus(Duration.ofHours(2))));
        return ALL.stream()
                .filter(filter::matches)
                .map(candidate -> candidate.network().name())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "'', web-2",
        "label=tier, web-2",
        "label=nosuch, ''",
        "label!=tier, ''",
        "label!=nosuch, web-2",
        "label!=tier label!=nosuch, web-2",
        "until=1h, web-2",
        "until=3h, ''",
        "until=1h59m59.5s, web-2",
        "until=2h0m1s, ''",
        "until=2026-11-21T10:00:00Z, web-2",
        "until=2026-11-21T09:59:59Z, ''",
        "until=2026-11-21T12:00:00+02:00, web-2",
        "until=2026-11-21T11:59:59+02:00, ''",
        "until=2026-11-21T10:00:00, web-2",
        "until=2026-11-21, ''",
        "until=2026-11-22, web-2",
        "until=1795255200, web-2",
        "until=1795255199.999999999, ''",
    })
    void pruning(String filters, String expected) {
        assertThat(Fixtures.THEN.getEpochSecond()).isEqualTo(1_795_255_200L);
        assertThat(String.join(" ", pruned(filters))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"until=", "until=yesterday", "until=1x", "until=-1h", "until=2026-13-01", "until=h"})
    void badTimes(String text) {
        assertThat(violations(PruneFilter.parse(filters(text), Instant.EPOCH)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.message()).contains("for filter 'until'"));
    }

    @Test
    void untilIsGivenOnce() {
        assertThat(violations(PruneFilter.parse(filters("until=1h until=2h"), Instant.EPOCH)))
                .extracting(Violation::message)
                .containsExactly("more than one until filter specified");
    }

    @ParameterizedTest
    @CsvSource({
        "name=c, true",
        "name=^c$, false",
        "network=web, true",
        "network=bridge, false",
        "node=h1, true",
        "node=h, false",
        "status=READY, true",
        "status=failed, false",
        "label=x, false",
    })
    void sandboxes(String filters, boolean matches) {
        Sandbox sandbox = Fixtures.sandbox("c1", "h1");
        assertThat(accepted(SandboxFilter.parse(filters(filters)))
                        .matches(new SandboxFilter.Candidate(sandbox, List.of(WEB), "ready")))
                .isEqualTo(matches);
        assertThat(accepted(SandboxFilter.parse(
                                List.of(new Filter("network", WEB.id().shortId()))))
                        .matches(new SandboxFilter.Candidate(sandbox, List.of(WEB), "ready")))
                .isTrue();
    }
}
