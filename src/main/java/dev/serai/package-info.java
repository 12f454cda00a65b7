/** Serai, an LLM gateway made of Apache Camel routes. */
@NullMarked
package dev.serai;

import org.jspecify.annotations.NullMarked;
