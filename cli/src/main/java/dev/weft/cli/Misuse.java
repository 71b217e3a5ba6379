package dev.weft.cli;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that means nothing, told to whoever typed it. */
final class Misuse {

    /** How many letters a name may be away from what was typed and still be meant by it. */
    private static final int NEAR = 2;

    private Misuse() {}

    /** Prints one line, or the help where a command was begun and not finished: then nothing is wrong yet. */
    static void report(ParameterException thrown, PrintStream err) {
        CommandLine commandLine = thrown.getCommandLine();
        boolean unfinished = !(thrown instanceof UnmatchedArgumentException)
                && !(thrown instanceof MissingParameterException)
                && !commandLine.getSubcommands().isEmpty()
                && !commandLine.getParseResult().hasSubcommand()
                && commandLine.getParseResult().unmatched().isEmpty();
        if (unfinished) {
            commandLine.usage(err);
        } else {
            String help = commandLine.getCommandSpec().qualifiedName() + " --help";
            err.println("weft: " + describe(thrown) + " (see " + help + ")");
        }
    }

    private static String describe(ParameterException thrown) {
        if (!(thrown instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return String.valueOf(thrown.getMessage());
        }
        CommandLine commandLine = thrown.getCommandLine();
        String typed = unmatched.getUnmatched().getFirst();
        if (unmatched.isUnknownOption()) {
            String option = typed.replaceFirst("=.*", "");
            // One letter is near every other letter.
            return "unknown option " + option
                    + (option.startsWith("--")
                            ? suggestion(
                                    option,
                                    commandLine.getCommandSpec().optionsMap().keySet())
                            : "");
        }
        if (!commandLine.getSubcommands().isEmpty()) {
            return "unknown command " + typed
                    + suggestion(typed, commandLine.getSubcommands().keySet());
        }
        return "unexpected argument " + typed;
    }

    private static String suggestion(String typed, Collection<String> names) {
        Optional<String> nearest = names.stream()
                .filter(name -> distance(typed, name) <= NEAR)
                .min(Comparator.comparing((String name) -> distance(typed, name))
                        .thenComparing(name -> name));
        return nearest.map(name -> ": did you mean " + name + "?").orElse("");
    }

    /** How many letters to insert, delete or replace to get from one to the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
