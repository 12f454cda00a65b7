package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Configured;
import dev.serai.tenant.GatewayKey;
import dev.serai.tenant.Tenants;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyScopeTest {
  private static final Catalog CATALOG = Configured.packaged();

  private static boolean covers(String allowed, String named) {
    GatewayKey key = new GatewayKey("k", "", Tenants.DEV, Set.of(allowed), null);
    return KeyScope.covers(key, named, CATALOG);
  }

  @ParameterizedTest
  @CsvSource({
    "rag, rag",
    "gpt-4o, gpt-4o",
    "gpt-4o, openai/gpt-4o",
    "openai/gpt-4o, openai/gpt-4o",
    "openai/gpt-4o, gpt-4o",
    "openai/something-new, openai/something-new",
  })
  void covers_what_is_listed_under_any_of_its_names(String allowed, String named) {
    assertThat(covers(allowed, named)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "rag, default",
    "rag, hybrid",
    "rag, gpt-4o",
    "rag, openai/gpt-4-turbo",
    "gpt-4o, gpt-4o-mini",
    "gpt-4o, hybrid",
    "gpt-4o, openai/something-new",
    "openai/gpt-4o, bedrock/anthropic.claude-3-haiku-20240307-v1:0",
    "rag, nonsense",
    "rag, nowhere/gpt-4o",
  })
  void covers_nothing_else(String allowed, String named) {
    assertThat(covers(allowed, named)).isFalse();
  }

  @Test
  void a_key_without_a_list_covers_everything() {
    assertThat(KeyScope.covers(Tenants.DEV_GATEWAY_KEY, "gpt-4o", CATALOG)).isTrue();
    assertThat(KeyScope.covers(null, "gpt-4o", CATALOG)).isTrue();
  }
}
