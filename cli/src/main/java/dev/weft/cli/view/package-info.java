/** Objects of the API as the trees that inspect prints and templates read, with Docker's field names and order. */
@NullMarked
package dev.weft.cli.view;

import org.jspecify.annotations.NullMarked;
