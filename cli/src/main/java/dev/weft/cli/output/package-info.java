/** How answers look: tables, JSON in Docker's layout, and the subset of Go templates that --format takes. */
@NullMarked
package dev.weft.cli.output;

import org.jspecify.annotations.NullMarked;
