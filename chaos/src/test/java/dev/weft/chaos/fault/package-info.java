@NullMarked
package dev.weft.chaos.fault;

import org.jspecify.annotations.NullMarked;
