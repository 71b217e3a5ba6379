package dev.weft.cli.command;

import java.util.Map;
import java.util.Objects;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** A flag takes a value only where it is attached, {@code --ipv6=false}, as in Docker's command: the next word is another's. */
final class AttachedValue implements IParameterPreprocessor {

    /** The separator that picocli tells of a value which is the next word. */
    private static final String NOT_ATTACHED = " ";

    @Override
    @SuppressWarnings("JdkObsolete") // picocli's signature
    public boolean preprocess(Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (Objects.equals(info.get("separator"), NOT_ATTACHED)) {
            arguments.push("true");
        }
        return false;
    }
}
