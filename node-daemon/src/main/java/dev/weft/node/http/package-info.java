/** Health and metrics over HTTP, on the JDK's own small server. */
@NullMarked
package dev.weft.node.http;

import org.jspecify.annotations.NullMarked;
