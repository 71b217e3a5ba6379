/** Configuration files of the daemons. */
@NullMarked
package dev.weft.config;

import org.jspecify.annotations.NullMarked;
