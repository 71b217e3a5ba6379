package dev.weft.controlplane.auditlog;

/** Where refusals and privileged acts are written down. Takes entries from any thread; does not fail. */
@FunctionalInterface
public interface AuditLog {

    void write(AuditEntry entry);
}
