/** What kernel tests share: namespaces of their own, and commands to check with. */
@NullMarked
package dev.weft.node.testing;

import org.jspecify.annotations.NullMarked;
