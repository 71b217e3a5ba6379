package dev.weft.loadtests;

import dev.weft.loadtests.scenario.Scenarios.Scale;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to run, from the environment.
 *
 * @param wanted names of scenarios; empty for all
 * @param scale part of the usual rounds
 * @param install whether missing peers may be installed
 * @param nodes how many each simulated cluster has
 */
record Options(Set<String> wanted, Scale scale, boolean install, List<Integer> nodes) {

    static final String USAGE = """
            BENCH=key,key     only these scenarios (default: all)
            BENCH_SCALE=n     n percent of the usual rounds (default: 100)
            BENCH_INSTALL=no  do not install peers that are missing (default: yes)
            BENCH_NODES=n,n   of the scenario scale: the clusters' sizes (default: 25,100,250,500,1000,5000)
            """;

    static Options parse(Map<String, String> environment) {
        Set<String> wanted = Arrays.stream(environment.getOrDefault("BENCH", "").split(","))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        return new Options(
                wanted,
                new Scale(number("BENCH_SCALE", environment.getOrDefault("BENCH_SCALE", "100"))),
                switch (environment.getOrDefault("BENCH_INSTALL", "yes")) {
                    case "yes" -> true;
                    case "no" -> false;
                    default -> throw new IllegalArgumentException("BENCH_INSTALL: it should be yes or no");
                },
                Arrays.stream(environment
                                .getOrDefault("BENCH_NODES", "25,100,250,500,1000,5000")
                                .split(","))
                        .map(text -> number("BENCH_NODES", text.strip()))
                        .toList());
    }

    private static int number(String variable, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(variable + ": '" + text + "' is not a number", e);
        }
    }
}
