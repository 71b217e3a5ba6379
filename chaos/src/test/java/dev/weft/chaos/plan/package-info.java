@NullMarked
package dev.weft.chaos.plan;

import org.jspecify.annotations.NullMarked;
