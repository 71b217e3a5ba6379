/** Results as text: a table on the screen, Markdown, JSON. */
@NullMarked
package dev.weft.loadtests.report;

import org.jspecify.annotations.NullMarked;
