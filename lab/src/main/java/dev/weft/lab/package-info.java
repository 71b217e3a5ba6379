/**
 * Hosts made of network namespaces, joined by an underlay switch, with real processes in them. Start reading at
 * {@link dev.weft.lab.Lab}. The lab is a tool beside the product: it calls {@code ip}, {@code nft} and {@code nsenter}.
 */
@NullMarked
package dev.weft.lab;

import org.jspecify.annotations.NullMarked;
