@NullMarked
package dev.weft.net;

import org.jspecify.annotations.NullMarked;
