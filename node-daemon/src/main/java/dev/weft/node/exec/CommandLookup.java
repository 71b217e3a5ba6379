package dev.weft.node.exec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a command as execvp(3) would. Sandboxes share the host's files, so the daemon can look before it starts anything,
 * and tell a command that is not there from one that ends with the same code.
 */
sealed interface CommandLookup {

    record Found(Path file) implements CommandLookup {}

    record NotFound(String why) implements CommandLookup {}

    record NotExecutable(String why) implements CommandLookup {}

    /**
     * @param path directories, separated by colons; an empty one means the working directory
     * @param directory that the command will be run in
     */
    static CommandLookup find(String command, String path, Path directory) {
        if (command.indexOf('/') >= 0) {
            return look(directory.resolve(command));
        }
        List<CommandLookup> unusable = new ArrayList<>();
        for (String entry : path.split(":", -1)) {
            CommandLookup result = look(directory.resolve(entry).resolve(command));
            switch (result) {
                case Found found -> {
                    return found;
                }
                case NotExecutable problem -> unusable.add(problem);
                case NotFound _ -> {}
            }
        }
        // As a shell has it: one that was found and cannot be run says more than none.
        return unusable.isEmpty()
                ? new NotFound("there is no such command in PATH (" + path + ")")
                : unusable.getFirst();
    }

    private static CommandLookup look(Path file) {
        if (!Files.exists(file)) {
            return new NotFound("there is no file " + file);
        }
        if (Files.isDirectory(file)) {
            return new NotExecutable(file + " is a directory");
        }
        return Files.isExecutable(file) ? new Found(file) : new NotExecutable(file + " is not executable");
    }
}
