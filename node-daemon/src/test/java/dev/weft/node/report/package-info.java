@NullMarked
package dev.weft.node.report;

import org.jspecify.annotations.NullMarked;
