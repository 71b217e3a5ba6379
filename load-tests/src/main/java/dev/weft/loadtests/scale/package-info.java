/** How the cluster's costs grow with its size: simulated nodes, a real control plane, a real etcd. */
@NullMarked
package dev.weft.loadtests.scale;

import org.jspecify.annotations.NullMarked;
