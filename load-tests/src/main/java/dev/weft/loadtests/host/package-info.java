/** The machine: commands, network namespaces that go with the run, an underlay between two of them. */
@NullMarked
package dev.weft.loadtests.host;

import org.jspecify.annotations.NullMarked;
