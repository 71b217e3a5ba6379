package dev.weft.cli.command;

import dev.weft.api.v1.PortSpec;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The port options of {@code weft run}. */
final class PortArguments {

    @Option(
            names = {"-p", "--publish"},
            paramLabel = "[[ADDR:]HOST-PORT:]PORT[/PROTO]",
            description = "Publish a port of the sandbox on its node; repeatable. Both ports may be ranges; without the"
                    + " host's port one is chosen.")
    private List<String> published = List.of();

    @Option(
            names = {"-P", "--publish-all"},
            description = "Publish all exposed ports, each on a port that is chosen.")
    private boolean publishAll;

    @Option(
            names = "--expose",
            paramLabel = "PORT[/PROTO]",
            description = "A port, or a range, that --publish-all is to publish; repeatable.")
    private List<String> exposed = List.of();

    /** Whether ports are exposed, be they published or not. */
    boolean areExposed() {
        return !exposed.isEmpty();
    }

    List<PortSpec> toSpecs() {
        List<PortSpec> specs = new ArrayList<>();
        published.forEach(text -> specs.add(PortSyntax.published(text)));
        for (String text : exposed) {
            PortSpec spec = PortSyntax.exposed(text);
            if (publishAll) {
                specs.add(spec);
            }
        }
        return specs;
    }
}
