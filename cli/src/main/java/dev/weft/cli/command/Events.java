package dev.weft.cli.command;

import dev.weft.api.v1.GetPublisherRequest;
import dev.weft.api.v1.Publisher;
import dev.weft.api.v1.WatchRequest;
import dev.weft.api.v1.WatchResponse;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.JsonWriter;
import dev.weft.cli.output.Template;
import dev.weft.cli.view.ChangeView;
import dev.weft.cli.view.PublisherView;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft events}: follows the changes until it is interrupted, or shows how far they have been published. */
@Command(description = "Show changes as they happen, until Ctrl-C.")
public final class Events extends ClientCommand {

    /** Filter keys, each with the attribute of an event that it is compared with. */
    private static final Set<String> KEYS =
            new TreeSet<>(List.of("type", "event", "network", "sandbox", "container", "node"));

    @Option(names = "--since-revision", paramLabel = "N", description = "Begin after this revision instead of now.")
    private long sinceRevision;

    @Option(names = "--snapshot", description = "Begin with the objects that exist.")
    private boolean snapshot;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = "type, event, network, sandbox or node; repeatable. Values of one key are alternatives.")
    private List<String> filters = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            description = "Lines, or one JSON object per line.")
    private OutputOptions.Output output = OutputOptions.Output.table;

    @Option(names = "--format", paramLabel = "TEMPLATE", description = "A Go template for each event, or 'json'.")
    private String format = "";

    @Option(names = "--publisher", description = "Show how far events have been published to Kafka, and end.")
    private boolean publisher;

    public Events(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        if (publisher) {
            return showPublisher(connection);
        }
        if (snapshot && sinceRevision > 0) {
            throw CliException.usage("--snapshot and --since-revision exclude each other");
        }
        Map<String, Set<String>> wanted = wanted();
        WatchRequest request = WatchRequest.newBuilder()
                .setAfterRevision(sinceRevision)
                .setOnlyNew(sinceRevision == 0 && !snapshot)
                .build();
        boolean json = format.equals("json") || (format.isEmpty() && output == OutputOptions.Output.json);
        Template template = Template.parse(format);
        Iterator<WatchResponse> responses = connection.changes().watch(request);
        while (responses.hasNext()) {
            WatchResponse response = responses.next();
            if (response.hasChange()) {
                ChangeView change = ChangeView.of(response.getChange());
                if (isWanted(change, wanted)) {
                    out().println(
                                    json
                                            ? change.json()
                                            : format.isEmpty() ? change.line() : template.render(change.value()));
                    // Flushes; nobody reads any more when it fails.
                    if (out().checkError()) {
                        return ExitCode.FAILURE;
                    }
                }
            }
        }
        return ExitCode.OK;
    }

    private ExitCode showPublisher(Connection connection) {
        if (snapshot || sinceRevision > 0 || !filters.isEmpty() || !format.isEmpty()) {
            throw CliException.usage("--publisher goes with --output only");
        }
        Publisher state = connection.changes().getPublisher(GetPublisherRequest.getDefaultInstance());
        out().println(
                        switch (output) {
                            case table -> PublisherView.text(state);
                            case json -> JsonWriter.compact(PublisherView.value(state));
                        });
        return ExitCode.OK;
    }

    private Map<String, Set<String>> wanted() {
        Map<String, Set<String>> wanted = Arguments.filters(filters).stream()
                .collect(Collectors.groupingBy(
                        dev.weft.api.v1.Filter::getKey,
                        Collectors.mapping(dev.weft.api.v1.Filter::getValue, Collectors.toSet())));
        wanted.keySet().stream().filter(key -> !KEYS.contains(key)).findFirst().ifPresent(key -> {
            throw CliException.usage("invalid filter \"" + key + "\": there are " + String.join(", ", KEYS));
        });
        return wanted;
    }

    private static boolean isWanted(ChangeView change, Map<String, Set<String>> wanted) {
        return wanted.entrySet().stream()
                .allMatch(filter ->
                        filter.getValue().stream().anyMatch(value -> matches(change, filter.getKey(), value)));
    }

    private static boolean matches(ChangeView change, String key, String value) {
        Map<String, String> attributes = change.attributes();
        return switch (key) {
            case "type" -> change.type().equals(value);
            case "event" -> change.action().equals(value);
            case "network" ->
                change.type().equals("network")
                        && (change.id().startsWith(value) || value.equals(attributes.get("name")));
            case "sandbox", "container" ->
                change.type().equals("sandbox")
                        ? change.id().startsWith(value) || value.equals(attributes.get("name"))
                        : value.equals(attributes.get("sandbox"))
                                || attributes.getOrDefault("container", "").startsWith(value);
            case "node" -> value.equals(change.type().equals("node") ? change.id() : attributes.get("node"));
            default -> false;
        };
    }
}
