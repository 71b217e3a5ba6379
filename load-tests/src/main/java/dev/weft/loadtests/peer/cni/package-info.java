/** Programs that a container runtime executes for each attachment: CNI plugins, netavark. */
@NullMarked
package dev.weft.loadtests.peer.cni;

import org.jspecify.annotations.NullMarked;
