@NullMarked
package dev.weft.node.http;

import org.jspecify.annotations.NullMarked;
