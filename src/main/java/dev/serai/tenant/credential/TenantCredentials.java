package dev.serai.tenant.credential;

import dev.serai.catalog.Credential;
import dev.serai.ledger.LedgerUnavailableException;

/** Which credentials tenants have of their own. */
public interface TenantCredentials {

  /** What there is for a tenant at a provider. */
  sealed interface Found {
    /** Nothing. */
    record None() implements Found {}

    /** A credential, which may be erased at any time from now on. */
    record Open(Credential credential) implements Found {}

    /** A credential that cannot be opened; the log says more. */
    record Locked() implements Found {}
  }

  /**
   * Looks one up; waits for the database or a key service at most where it was not asked lately.
   *
   * @throws LedgerUnavailableException when the database cannot be used
   */
  Found find(String tenantId, String provider);

  /**
   * Whether a tenant has any.
   *
   * @throws LedgerUnavailableException when the database cannot be used
   */
  boolean any(String tenantId);
}
