/** What a run was and what it found, as text. */
@NullMarked
package dev.weft.chaos.report;

import org.jspecify.annotations.NullMarked;
