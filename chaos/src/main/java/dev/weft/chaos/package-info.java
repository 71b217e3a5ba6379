/**
 * Faults at random under load, judged by a checker that shares no code with what it judges. Start reading at
 * {@link dev.weft.chaos.Chaos}; docs/reliability.md says what is checked.
 */
@NullMarked
package dev.weft.chaos;

import org.jspecify.annotations.NullMarked;
