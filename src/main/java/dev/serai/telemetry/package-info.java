/** The vocabulary of names, the meters and the redaction of secrets. */
@NullMarked
package dev.serai.telemetry;

import org.jspecify.annotations.NullMarked;
