@NullMarked
package dev.weft.chaos.report;

import org.jspecify.annotations.NullMarked;
