@NullMarked
package dev.weft.chaos.check;

import org.jspecify.annotations.NullMarked;
