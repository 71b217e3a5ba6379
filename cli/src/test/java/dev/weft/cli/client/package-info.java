/** Tests. */
@NullMarked
package dev.weft.cli.client;

import org.jspecify.annotations.NullMarked;
