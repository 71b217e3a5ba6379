/** Clients that create, change and delete, as careful clients do: with request ids, and again at another replica. */
@NullMarked
package dev.weft.chaos.churn;

import org.jspecify.annotations.NullMarked;
