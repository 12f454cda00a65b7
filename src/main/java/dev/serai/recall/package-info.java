/** Answers kept and identical calls joined: what can be answered without paying again. */
@NullMarked
package dev.serai.recall;

import org.jspecify.annotations.NullMarked;
