package dev.weft.controlplane.backup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that backups end with. */
final class Digests {

    /** Length in bytes. */
    static final int LENGTH = 32;

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance(BackupWriter.DIGEST);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + BackupWriter.DIGEST, e);
        }
    }
}
