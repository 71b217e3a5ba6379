package dev.weft.node.dns;

import dev.weft.node.sandbox.ResolvConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's resolv.conf as it is now: it changes as VPNs and leases come and go. Used by one thread. */
final class HostResolvConf {

    private static final Logger LOG = LoggerFactory.getLogger(HostResolvConf.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final Path file;
    private final InstantSource clock;
    private ResolvConf content = ResolvConf.EMPTY;
    private Optional<FileTime> readAt = Optional.empty();
    private Instant nextCheck = Instant.MIN;

    HostResolvConf(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    ResolvConf content() {
        Instant now = clock.instant();
        if (!now.isBefore(nextCheck)) {
            nextCheck = now.plus(CHECK_INTERVAL);
            read();
        }
        return content;
    }

    private void read() {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            if (!readAt.equals(Optional.of(modified))) {
                content = ResolvConf.parse(Files.readString(file));
                readAt = Optional.of(modified);
            }
        } catch (NoSuchFileException e) {
            content = ResolvConf.EMPTY;
        } catch (IOException e) {
            // Half written, perhaps: what was there before is better than nothing.
            LOG.warn("{} cannot be read; its last content is used: {}", file, e.toString());
        }
    }
}
