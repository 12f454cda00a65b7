/**
 * How much tenants, keys, roles, providers and the whole gateway may use, and the counting of it.
 */
@NullMarked
package dev.serai.limit;

import org.jspecify.annotations.NullMarked;
