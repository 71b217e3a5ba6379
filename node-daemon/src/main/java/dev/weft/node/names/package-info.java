/**
 * Who is called what: the names of endpoints by network, made from the rows. Functions of values.
 */
@NullMarked
package dev.weft.node.names;

import org.jspecify.annotations.NullMarked;
