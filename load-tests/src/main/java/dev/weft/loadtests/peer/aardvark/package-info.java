/** Podman's name server aardvark-dns, started by hand with the files that netavark writes for it. */
@NullMarked
package dev.weft.loadtests.peer.aardvark;

import org.jspecify.annotations.NullMarked;
