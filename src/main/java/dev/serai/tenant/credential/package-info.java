/** What tenants pay providers with: kept encrypted, opened for a short time. */
@NullMarked
package dev.serai.tenant.credential;

import org.jspecify.annotations.NullMarked;
