@NullMarked
package dev.weft.chaos.ledger;

import org.jspecify.annotations.NullMarked;
