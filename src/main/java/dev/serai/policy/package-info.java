/**
 * Pure decisions: target order, retry verdict, cost, cache key, what of a conversation is sent. No
 * I/O and no clock of its own.
 */
@NullMarked
package dev.serai.policy;

import org.jspecify.annotations.NullMarked;
