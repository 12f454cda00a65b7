/** The admin API. */
@NullMarked
package dev.serai.admin;

import org.jspecify.annotations.NullMarked;
