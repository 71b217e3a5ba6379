/** Use cases: admit, allocate, build one transaction, commit, retry on conflict. */
@NullMarked
package dev.weft.controlplane.service;

import org.jspecify.annotations.NullMarked;
