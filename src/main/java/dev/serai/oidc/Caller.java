package dev.serai.oidc;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a token that holds says about whoever presents it.
 *
 * @param subject the issuer's name for them
 * @param tenantId the tenant they call for, which need not exist; null when it names none
 * @param admin whether they may use the admin API
 * @param until from when on the token is worth nothing
 */
public record Caller(String subject, @Nullable String tenantId, boolean admin, Instant until) {}
