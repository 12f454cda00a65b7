package dev.serai.tenant;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gateway key as the database has it, without its hash.
 *
 * @param id at most 32 characters; not a secret
 * @param tenantId whose key it is
 * @param name for people, 1 to 200 characters
 * @param prefix how the key begins
 * @param allowed the roles and models that may be asked with it; empty for all
 * @param expiresAt from when on it is worth nothing, exact to the microsecond; null for never
 * @param replacedBy the id of the key that took its place; null when none did
 * @param createdAt when it was made, exact to the microsecond
 */
public record StoredKey(
    String id,
    String tenantId,
    String name,
    String prefix,
    List<String> allowed,
    @Nullable Instant expiresAt,
    @Nullable String replacedBy,
    Instant createdAt) {}
