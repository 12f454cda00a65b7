/** Tenants and their gateway keys. */
@NullMarked
package dev.serai.tenant;

import org.jspecify.annotations.NullMarked;
