/** How much money may be spent, by whom and in which time, and how much of it is left. */
@NullMarked
package dev.serai.budget;

import org.jspecify.annotations.NullMarked;
