package dev.serai.tenant;

/** Whose provider account a tenant's calls are billed on. */
public enum Tier {
  /** The platform's, for every provider that the tenant has no credential of its own for. */
  TRIAL,
  /** The tenant's own, always. */
  STANDARD
}
