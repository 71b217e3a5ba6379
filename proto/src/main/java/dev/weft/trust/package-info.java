/** Who is who in a cluster: certificates, what they say of their holder, and how TLS is set up from them. */
@NullMarked
package dev.weft.trust;

import org.jspecify.annotations.NullMarked;
