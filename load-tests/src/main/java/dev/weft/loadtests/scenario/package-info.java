/** What is compared: each scenario names its contenders, rounds, targets and method. */
@NullMarked
package dev.weft.loadtests.scenario;

import org.jspecify.annotations.NullMarked;
