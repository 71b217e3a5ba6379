package dev.weft.controlplane;

import dev.weft.controlplane.backup.BackupException;
import dev.weft.controlplane.backup.BackupFile;
import dev.weft.controlplane.backup.BackupHeader;
import dev.weft.controlplane.backup.BackupWriter;
import dev.weft.controlplane.backup.Restore;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.config.Stores;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Backup and restore on a store that no control plane has open. */
final class StoreCommands {

    private static final Duration QUIET = Duration.ofSeconds(2);

    private final PrintStream out;
    private final PrintStream err;

    StoreCommands(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** @throws BackupException if the file is there already, or cannot be written: then none is left */
    void backup(StoreConfig config, Path file) {
        if (Files.exists(file)) {
            throw new BackupException("backup file " + file + " exists; choose another name");
        }
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (Store store = Stores.open(config)) {
            BackupHeader header;
            try (FileChannel channel = FileChannel.open(
                            partial,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    OutputStream output = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                header = BackupWriter.write(
                        store, config.kind(), Clock.systemUTC(), output, progress("weft-control-plane: backup"));
                channel.force(true);
            } catch (FileAlreadyExistsException e) {
                throw new BackupException(partial + " exists: another backup is being written; if not, remove it", e);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(partial);
                throw e;
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            out.println(file + ": " + header.keys() + " keys as of revision " + header.revision() + " of "
                    + header.storeKind());
        } catch (IOException e) {
            throw new BackupException("cannot write backup file " + file + ": " + e, e);
        }
    }

    /** @throws BackupException if the file is no sound backup, or the store is not as it has to be */
    void restore(StoreConfig config, Path file, Restore.Existing existing) {
        // Read whole before the store is opened: of a damaged file nothing comes.
        BackupFile backup = BackupFile.open(file);
        try (Store store = Stores.open(config)) {
            Restore.Done done = Restore.restore(store, backup, existing, progress("weft-control-plane: restore"));
            BackupHeader header = backup.header();
            out.println(file + ": " + header.keys() + " keys of revision " + header.revision() + " of "
                    + header.storeKind() + ", written " + header.createTime() + ", are in " + config.kind()
                    + ", at its revision " + done.revision() + " (" + done.written() + " written, " + done.removed()
                    + " removed)");
        }
    }

    /** A line a second, from the third second on. */
    private BackupWriter.Progress progress(String what) {
        long begin = System.nanoTime();
        long[] next = {begin + QUIET.toNanos()};
        return (done, total) -> {
            long now = System.nanoTime();
            if (now >= next[0]) {
                next[0] = now + Duration.ofSeconds(1).toNanos();
                err.println(what + ": " + done + " of " + total + " keys, "
                        + Duration.ofNanos(now - begin).toSeconds() + " s");
            }
        };
    }
}
