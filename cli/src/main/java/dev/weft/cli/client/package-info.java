/** The connection to a control plane, and what its errors mean to the person at the terminal. */
@NullMarked
package dev.weft.cli.client;

import org.jspecify.annotations.NullMarked;
