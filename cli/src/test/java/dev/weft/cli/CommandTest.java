package dev.weft.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Commands over a real connection: what they ask the server, what they print, how they end. */
abstract class CommandTest {

    @TempDir
    Path directory;

    StubControlPlane server;
    Console console;

    @BeforeEach
    void startServer() throws IOException {
        server = StubControlPlane.start(directory.resolve("control-plane.sock"));
        console = new Console(server.host());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }
}
