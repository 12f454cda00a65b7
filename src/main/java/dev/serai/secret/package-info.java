/** Secrets that settings name instead of holding them: where they are kept, and how they change. */
@NullMarked
package dev.serai.secret;

import org.jspecify.annotations.NullMarked;
