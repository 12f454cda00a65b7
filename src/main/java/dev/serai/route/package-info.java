/**
 * The thin beans that routes name and the component that calls providers; the only package that
 * knows Camel.
 */
@NullMarked
package dev.serai.route;

import org.jspecify.annotations.NullMarked;
