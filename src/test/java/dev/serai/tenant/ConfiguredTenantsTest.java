package dev.serai.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfiguredTenantsTest {
  private static final String HASH = GatewayKey.hashOf("sk-acme");
  private static final String OTHER = GatewayKey.hashOf("sk-other");

  @Test
  void without_any_there_is_none() {
    ConfiguredTenants none = ConfiguredTenants.of(new TenantProperties(Map.of()));

    assertThat(none.any()).isFalse();
    assertThat(none.all()).isEmpty();
    assertThat(none.tenant("dev")).isNull();
    assertThat(none.key(GatewayKey.hashOf(Tenants.DEV_KEY))).isNull();
  }

  @Test
  void finds_a_tenant_by_its_id_and_by_each_of_its_keys() {
    ConfiguredTenants tenants =
        tenants("acme", new TenantProperties.Entry("", Tier.TRIAL, List.of(HASH, OTHER), 7));

    assertThat(tenants.any()).isTrue();
    assertThat(tenants.keysOf("acme")).extracting(GatewayKey::hash).containsExactly(HASH, OTHER);
    assertThat(tenants.keysOf("zeta")).isEmpty();
    assertThat(tenants.tenant("dev")).isNull();
    assertThat(tenants.tenant("acme")).isEqualTo(new Tenant("acme", "acme", Tier.TRIAL, 7));
    assertThat(tenants.key(OTHER))
        .isEqualTo(GatewayKey.configured(OTHER, new Tenant("acme", "acme", Tier.TRIAL, 7)));
  }

  @Test
  void a_tenant_may_have_a_name_for_people() {
    ConfiguredTenants tenants =
        tenants("acme", new TenantProperties.Entry("Acme Inc.", Tier.STANDARD, List.of(), 0));

    assertThat(tenants.tenant("acme")).isEqualTo(new Tenant("acme", "Acme Inc.", Tier.STANDARD, 0));
  }

  @Test
  void tells_everything_that_is_wrong_at_once() {
    Map<String, TenantProperties.Entry> entries =
        Map.of(
            "no spaces",
            new TenantProperties.Entry("", Tier.TRIAL, List.of("sk-in-clear"), -1),
            "a",
            new TenantProperties.Entry("", Tier.TRIAL, List.of(HASH, HASH), 0));

    assertThatThrownBy(() -> ConfiguredTenants.of(new TenantProperties(entries)))
        .hasMessageContaining("no spaces: use 1 to 64 of")
        .hasMessageContaining("no spaces: key-sha256 wants 64 hex digits")
        .hasMessageContaining("no spaces: max-in-flight is below 0")
        .hasMessageContaining("a: a key may belong to one tenant only")
        .hasMessageNotContaining("sk-in-clear");
  }

  @Test
  void a_key_matches_its_own_hash_only_and_does_not_print_it() {
    GatewayKey key = GatewayKey.configured(HASH, Tenants.DEV);

    assertThat(key.matches(HASH)).isTrue();
    assertThat(key.matches(OTHER)).isFalse();
    assertThat(key.matches("")).isFalse();
    assertThat(key).asString().matches("GatewayKey\\[cfg-[0-9a-f]{16} of dev\\]");
  }

  private static ConfiguredTenants tenants(String id, TenantProperties.Entry entry) {
    return ConfiguredTenants.of(new TenantProperties(Map.of(id, entry)));
  }
}
