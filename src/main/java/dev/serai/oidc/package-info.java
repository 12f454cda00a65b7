/** Tokens of an OpenID Connect issuer, as keys of callers and of operators. */
@NullMarked
package dev.serai.oidc;

import org.jspecify.annotations.NullMarked;
