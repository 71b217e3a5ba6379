package dev.weft.controlplane.config;

import dev.weft.config.ConfigException;
import java.nio.file.Path;
import java.util.Optional;

/** The options of one of the process's commands, once they are read. */
interface Options {

    /** Where the options come from that the command line does not give. */
    Optional<Path> configFile();

    /** @throws ConfigException for anything that is wrong */
    ControlPlaneOptions.Request toRequest();
}
