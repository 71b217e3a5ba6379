/** What clients were told, and therefore what must be there. Knows nothing but the JDK: the checker reads it. */
@NullMarked
package dev.weft.chaos.ledger;

import org.jspecify.annotations.NullMarked;
