package dev.weft.node.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLookupTest {

    @TempDir
    private Path root;

    @BeforeEach
    void create() throws IOException {
        Files.createDirectories(root.resolve("a/tool"));
        Files.createDirectories(root.resolve("b"));
        Files.createDirectories(root.resolve("c"));
        Files.writeString(root.resolve("b/tool"), "data");
        Files.writeString(root.resolve("b/data"), "data");
        for (Path program : new Path[] {root.resolve("c/tool"), root.resolve("here")}) {
            Files.writeString(program, "#!/bin/sh\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private CommandLookup find(String command, String path) {
        return CommandLookup.find(command, path, root);
    }

    @Test
    void theFirstThatCanBeRunIsTaken() {
        assertThat(find("tool", root + "/nosuch:" + root + "/a:" + root + "/b:" + root + "/c"))
                .isEqualTo(new CommandLookup.Found(root.resolve("c/tool")));
        assertThat(find("here", ":/nosuch"))
                .as("an empty entry is the working directory")
                .isEqualTo(new CommandLookup.Found(root.resolve("here")));
        assertThat(find("./here", "/nosuch")).isInstanceOf(CommandLookup.Found.class);
        assertThat(find(root + "/c/tool", "/nosuch")).isInstanceOf(CommandLookup.Found.class);
    }

    @Test
    void whatIsNowhereIsNotFound() {
        assertThat(find("nosuch", root + "/a:" + root + "/b"))
                .isInstanceOfSatisfying(
                        CommandLookup.NotFound.class,
                        result -> assertThat(result.why()).contains("PATH").contains(root + "/b"));
        assertThat(find("./nosuch", root + "/c"))
                .isInstanceOfSatisfying(
                        CommandLookup.NotFound.class,
                        result -> assertThat(result.why()).contains("nosuch"));
        assertThat(find("here", root + "/c")).isInstanceOf(CommandLookup.NotFound.class);
    }

    @Test
    void whatIsThereAndCannotBeRunIsToldAsThat() {
        assertThat(find("data", root + "/a:" + root + "/b:" + root + "/c"))
                .isEqualTo(new CommandLookup.NotExecutable(root + "/b/data is not executable"));
        assertThat(find("a/tool", "")).isEqualTo(new CommandLookup.NotExecutable(root + "/a/tool is a directory"));
    }
}
