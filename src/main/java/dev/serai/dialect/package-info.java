/** Provider wire formats to and from the neutral records; event-stream framing; reading usage. */
@NullMarked
package dev.serai.dialect;

import org.jspecify.annotations.NullMarked;
