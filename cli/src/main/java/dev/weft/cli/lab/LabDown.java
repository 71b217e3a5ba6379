package dev.weft.cli.lab;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.lab.Lab;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft lab down}. */
@Command(description = "End a lab's processes and remove its namespaces, mounts and files.")
public final class LabDown extends LabCommand {

    @Option(names = "--all", description = "All labs, except those that a living test or demo owns.")
    private boolean all;

    @Parameters(arity = "0..*", paramLabel = "LAB", description = "Names; may be left out where there is one lab only.")
    private List<String> names = List.of();

    public LabDown(Weft weft) {
        super(weft);
    }

    @Override
    int execute() {
        for (String name : chosen()) {
            Lab.find(name).down();
            out().println(name);
        }
        return ExitCode.OK.code();
    }

    private List<String> chosen() {
        if (!names.isEmpty()) {
            return names;
        }
        // What a running test or demo has built is not meant by somebody who names nothing.
        List<String> known = Lab.names().stream()
                .filter(name -> !Lab.find(name).isOwnedByLivingProcess())
                .toList();
        if (!all && known.size() != 1) {
            throw CliException.usage(
                    known.isEmpty() ? "there is no lab" : "say which lab: " + String.join(", ", known) + ", or --all");
        }
        return known;
    }
}
