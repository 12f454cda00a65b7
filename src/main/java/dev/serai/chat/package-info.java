/** Neutral records and sealed types: what a call used, how it ended, what it answered. */
@NullMarked
package dev.serai.chat;

import org.jspecify.annotations.NullMarked;
