package dev.serai.tenant;

import java.time.Instant;

/** A tenant as the database has it; times are exact to the microsecond. */
public record StoredTenant(Tenant tenant, Instant createdAt, Instant updatedAt) {}
