/** Traffic that shows whether, and how well, one namespace reaches another. */
@NullMarked
package dev.weft.loadtests.probe;

import org.jspecify.annotations.NullMarked;
