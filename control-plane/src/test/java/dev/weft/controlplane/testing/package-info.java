/** What tests of several packages share: real servers, waiting with a deadline. */
@NullMarked
package dev.weft.controlplane.testing;

import org.jspecify.annotations.NullMarked;
