package dev.weft.cli.command;

import dev.weft.api.v1.EndpointSpec;
import dev.weft.cli.output.Durations;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option that says for how long addresses are kept. */
final class RetainIp {

    private static final String DEFAULT = "24h";

    @Option(
            names = "--retain-ip",
            arity = "0..1",
            paramLabel = "TIME",
            parameterConsumer = TimeOrNothing.class,
            description = "Keep addresses and MAC for a sandbox of the same name when this one goes, for so long:"
                    + " 24h when no time is given, 30d at most.")
    private String time = "";

    /** Sets it where it is given and the spec has none of its own. */
    void addTo(EndpointSpec.Builder spec) {
        if (!time.isEmpty() && !spec.hasRetainIp()) {
            set(spec, "--retain-ip", time);
        }
    }

    boolean isGiven() {
        return !time.isEmpty();
    }

    /** @param text empty for the usual time */
    static void set(EndpointSpec.Builder spec, String option, String text) {
        spec.setRetainIp(Durations.parse(option, text.isEmpty() ? DEFAULT : text));
    }

    /** What follows is the option's if it is a time; else it is the command or a name. */
    static final class TimeOrNothing implements IParameterConsumer {
        @Override
        @SuppressWarnings("JdkObsolete") // picocli's interface
        public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
            boolean hasTime = !arguments.isEmpty() && Durations.isDuration(arguments.peek());
            option.setValue(hasTime ? arguments.pop() : DEFAULT);
        }
    }
}
