@NullMarked
package dev.weft.lab;

import org.jspecify.annotations.NullMarked;
