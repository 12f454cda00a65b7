/** Calling a provider: bytes in, bytes or a live stream out, over HTTP or in process. */
@NullMarked
package dev.serai.egress;

import org.jspecify.annotations.NullMarked;
