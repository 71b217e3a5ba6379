package dev.weft.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What people know this process by among the control plane's replicas. */
final class ReplicaName {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private ReplicaName() {}

    /**
     * The same, and a number: a process that is started anew in a container has the host's name and process id of the
     * last.
     */
    static String ofThisStart() {
        return ofThisProcess() + "." + HexFormat.of().toHexDigits((short) new SecureRandom().nextInt());
    }

    /** The host's name, without asking a name server, and the process id. */
    static String ofThisProcess() {
        String host;
        try {
            host = Files.readString(HOST_NAME).strip();
        } catch (IOException _) {
            host = "localhost";
        }
        return host + ":" + ProcessHandle.current().pid();
    }
}
