/**
 * The store port: revisioned keys, compare-and-set transactions, resumable watches. Two implementations, one contract
 * test: {@code store.etcd} and {@code store.sqlite}.
 */
@NullMarked
package dev.weft.controlplane.store;

import org.jspecify.annotations.NullMarked;
