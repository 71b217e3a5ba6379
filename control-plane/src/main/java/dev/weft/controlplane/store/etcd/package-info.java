/**
 * The store port on etcd, for a cluster. {@link EtcdStore} is the way in; {@code EtcdConnection} makes calls with
 * deadlines and fail-over, {@code EtcdWatch} keeps a watch alive, {@code Keyspace} translates.
 *
 * <p>Of jetcd only the generated messages and gRPC stubs are used. Its client retries and resumes by rules of its own and
 * hides whether a request left the process, which is what tells a commit that did not happen from one that may have.
 * Nothing outside of this package sees a type of {@code io.etcd}.
 */
@NullMarked
package dev.weft.controlplane.store.etcd;

import org.jspecify.annotations.NullMarked;
