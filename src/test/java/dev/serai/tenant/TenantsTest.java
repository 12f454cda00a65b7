package dev.serai.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantsTest {
  private static final String HASH = GatewayKey.hashOf("sk-acme");
  private static final String OTHER = GatewayKey.hashOf("sk-other");

  @Test
  void without_any_there_is_only_the_development_tenant() {
    Tenants none = Tenants.of(new TenantProperties(Map.of()));

    assertThat(none.configured()).isFalse();
    assertThat(none.tenant("dev")).isEqualTo(Tenants.DEV);
    assertThat(none.tenant("acme")).isNull();
    assertThat(none.key(GatewayKey.hashOf(Tenants.DEV_KEY))).isNull();
  }

  @Test
  void with_one_the_development_tenant_is_gone() {
    Tenants tenants = tenants("acme", new TenantProperties.Entry("", List.of(HASH, OTHER), 7));

    assertThat(tenants.configured()).isTrue();
    assertThat(tenants.tenant("dev")).isNull();
    assertThat(tenants.tenant("acme")).isEqualTo(new Tenant("acme", "acme", 7));
    assertThat(tenants.key(OTHER)).isEqualTo(new GatewayKey(OTHER, new Tenant("acme", "acme", 7)));
  }

  @Test
  void a_tenant_may_have_a_name_for_people() {
    Tenants tenants = tenants("acme", new TenantProperties.Entry("Acme Inc.", List.of(), 0));

    assertThat(tenants.tenant("acme")).isEqualTo(new Tenant("acme", "Acme Inc.", 0));
  }

  @Test
  void tells_everything_that_is_wrong_at_once() {
    Map<String, TenantProperties.Entry> entries =
        Map.of(
            "no spaces",
            new TenantProperties.Entry("", List.of("sk-in-clear"), -1),
            "a",
            new TenantProperties.Entry("", List.of(HASH, HASH), 0));

    assertThatThrownBy(() -> Tenants.of(new TenantProperties(entries)))
        .hasMessageContaining("no spaces: use 1 to 64 of")
        .hasMessageContaining("no spaces: key-sha256 wants 64 hex digits")
        .hasMessageContaining("no spaces: max-in-flight is below 0")
        .hasMessageContaining("a: a key may belong to one tenant only")
        .hasMessageNotContaining("sk-in-clear");
  }

  @Test
  void a_key_matches_its_own_hash_only_and_does_not_print_it() {
    GatewayKey key = new GatewayKey(HASH, Tenants.DEV);

    assertThat(key.matches(HASH)).isTrue();
    assertThat(key.matches(OTHER)).isFalse();
    assertThat(key.matches("")).isFalse();
    assertThat(key).asString().isEqualTo("GatewayKey[dev]");
  }

  private static Tenants tenants(String id, TenantProperties.Entry entry) {
    return Tenants.of(new TenantProperties(Map.of(id, entry)));
  }
}
