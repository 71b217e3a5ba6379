/**
 * The store port on SQLite, for one control plane without other services. {@link SqliteStore} is the way in;
 * {@code SqliteWriter} commits, {@code SqliteTables} holds every SQL statement, {@code SqliteFile} opens and guards the
 * file.
 */
@NullMarked
package dev.weft.controlplane.store.sqlite;

import org.jspecify.annotations.NullMarked;
