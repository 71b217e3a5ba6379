/** {@code weft lab}: clusters of hosts on one machine, from the command line. */
@NullMarked
package dev.weft.cli.lab;

import org.jspecify.annotations.NullMarked;
