/** Tests of the command against a stub that speaks the real protocol. */
@NullMarked
package dev.weft.cli;

import org.jspecify.annotations.NullMarked;
