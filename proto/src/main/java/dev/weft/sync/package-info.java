/** What both ends of the node stream compute in the same way. */
@NullMarked
package dev.weft.sync;

import org.jspecify.annotations.NullMarked;
