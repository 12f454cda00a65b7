/** What must be durable before or with a call: usage rows and stored results, over JDBC. */
@NullMarked
package dev.serai.ledger;

import org.jspecify.annotations.NullMarked;
