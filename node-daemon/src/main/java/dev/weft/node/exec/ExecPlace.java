package dev.weft.node.exec;

import java.nio.file.Path;

/** Where a command runs. */
public sealed interface ExecPlace {

    /** Where the output of detached commands goes; exists. */
    Path logDirectory();

    /** The host itself, with the host's own files. */
    record Host(Path logDirectory) implements ExecPlace {}

    /**
     * A network namespace, with files of its own in place of the host's.
     *
     * @param namespace an nsfs file
     * @param hosts stands in for /etc/hosts
     * @param resolvConf stands in for /etc/resolv.conf
     */
    record Namespace(Path namespace, String hostname, Path hosts, Path resolvConf, Path logDirectory)
            implements ExecPlace {}
}
