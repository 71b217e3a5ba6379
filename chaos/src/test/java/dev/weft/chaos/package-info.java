@NullMarked
package dev.weft.chaos;

import org.jspecify.annotations.NullMarked;
