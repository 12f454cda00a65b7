package dev.serai.ledger;

import org.jspecify.annotations.Nullable;

/**
 * One change of what the gateway goes by, as the audit has it and as every replica hears of it.
 *
 * @param actor who made it, such as {@code admin-key} or a subject of OIDC; 1 to 200 characters
 * @param action what was done, such as {@code create}
 * @param kind what sort of thing was changed: what {@link Changes#listen} asks for
 * @param subject which one; 1 to 255 characters
 * @param before what it was, as JSON without secrets; null when it is new
 * @param after what it is now, as JSON without secrets; null when it is gone
 */
public record Change(
    String actor,
    String action,
    Kind kind,
    String subject,
    @Nullable String before,
    @Nullable String after) {

  /** What sort of thing was changed. */
  public enum Kind {
    /** A tenant; the subject is its id. */
    TENANT,
    /** A gateway key; the subject is its id. */
    GATEWAY_KEY,
    /** A tenant's credential of a provider; the subject is {@code tenant/provider}. */
    CREDENTIAL,
    /** A limit; the subject is {@code scope/id}. */
    LIMIT,
    /** A budget; the subject is {@code scope/id}. */
    BUDGET,
    /** Sums of an hour were set to what its rows add up to; the subject is the hour. */
    USAGE,
    /** Answers were dropped from the cache; the subject is {@code tenant/model}, * for all. */
    CACHE
  }
}
