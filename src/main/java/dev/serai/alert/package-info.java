/** What an operator is to know about money without asking, and how it gets to him. */
@NullMarked
package dev.serai.alert;

import org.jspecify.annotations.NullMarked;
