/** Providers, models, prices and roles as typed configuration, validated at start-up. */
@NullMarked
package dev.serai.catalog;

import org.jspecify.annotations.NullMarked;
