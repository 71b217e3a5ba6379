/** etcd by itself: what its clients can get at most. */
@NullMarked
package dev.weft.loadtests.peer.etcd;

import org.jspecify.annotations.NullMarked;
