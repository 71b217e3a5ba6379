/** A VXLAN overlay made by hand with iproute2: the floor that every overlay is compared with. */
@NullMarked
package dev.weft.loadtests.peer.vxlan;

import org.jspecify.annotations.NullMarked;
