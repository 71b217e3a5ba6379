/** JMH benchmarks of the pure core. */
@NullMarked
package dev.weft.loadtests.micro;

import org.jspecify.annotations.NullMarked;
