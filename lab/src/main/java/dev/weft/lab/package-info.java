/** Hosts as network namespaces with real daemons in them. */
@NullMarked
package dev.weft.lab;

import org.jspecify.annotations.NullMarked;
