package dev.serai.tenant;

/** Something that is kept of tenants and goes with them. Every bean of this type is asked. */
@FunctionalInterface
public interface TenantData {

  /**
   * Deletes what there is of a tenant, inside the transaction that deletes the tenant, and again in
   * the one that makes a tenant of that id, so that nobody inherits what came in meanwhile.
   */
  void forget(String tenantId);
}
