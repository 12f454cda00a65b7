/** The edge of the HTTP server: limits on what comes in, and errors that are always JSON. */
@NullMarked
package dev.serai.web;

import org.jspecify.annotations.NullMarked;
