package dev.serai.admin;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.tenant.ConfiguredTenants;
import dev.serai.tenant.StoredTenant;
import dev.serai.tenant.Tenant;
import dev.serai.tenant.TenantStore;
import org.springframework.stereotype.Component;

/** Finds the tenant that a path of the admin API names, or says why it cannot be had. */
@Component
final class TenantAccess {

  private final TenantStore store;
  private final ConfiguredTenants configuration;

  TenantAccess(TenantStore store, ConfiguredTenants configuration) {
    this.store = store;
    this.configuration = configuration;
  }

  /** The tenant in the database, or 404. */
  StoredTenant stored(String id) {
    StoredTenant found = Tenant.validId(id) ? store.find(id) : null;
    if (found == null) {
      throw unknown();
    }
    return found;
  }

  /** The same, locked until the transaction ends, or 404; 409 for one of the configuration. */
  StoredTenant writable(String id) {
    if (configuration.tenant(id) != null) {
      throw new ApiException(
          ApiError.conflict(
              "This tenant is in config/tenants.yaml: change it and its keys there, and start the"
                  + " gateway again.",
              null,
              "read_only"));
    }
    StoredTenant found = Tenant.validId(id) ? store.lock(id) : null;
    if (found == null) {
      throw unknown();
    }
    return found;
  }

  /** For a tenant that is not there. */
  static ApiException unknown() {
    return new ApiException(
        ApiError.notFound("There is no such tenant: GET /admin/v1/tenants lists them."));
  }
}
