/**
 * What must be durable before or with a call: usage rows, stored results and conversations, over
 * JDBC.
 */
@NullMarked
package dev.serai.ledger;

import org.jspecify.annotations.NullMarked;
