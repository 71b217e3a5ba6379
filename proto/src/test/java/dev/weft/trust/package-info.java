@NullMarked
package dev.weft.trust;

import org.jspecify.annotations.NullMarked;
