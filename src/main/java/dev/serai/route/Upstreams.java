package dev.serai.route;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.Provider;
import dev.serai.egress.HttpUpstream;
import dev.serai.egress.LocalUpstream;
import dev.serai.egress.Upstream;
import dev.serai.egress.Watchdog;
import dev.serai.policy.TokenCounter;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The clients of all configured targets, each made once and kept with its connections. */
@Component
final class Upstreams {

  private final Watchdog watchdog = new Watchdog();
  private final Map<String, Upstream> byId = new LinkedHashMap<>();
  private final boolean anyCredential;

  Upstreams(Catalog catalog, TokenCounter counter, Clock clock) {
    for (Provider provider : catalog.providers()) {
      if (provider.dialect() == Dialect.OPENAI) {
        byId.put(provider.id(), new HttpUpstream(provider, watchdog, clock));
      } else if (provider.dialect() == Dialect.LOCAL) {
        byId.put(provider.id(), new LocalUpstream(provider.tokenDelay(), counter, clock));
      }
    }
    anyCredential =
        catalog.providers().stream()
            .anyMatch(provider -> provider.apiKey() != null && has(provider.id()));
  }

  /** True when a provider that can be called has a key; a key that nothing uses does not count. */
  boolean anyCredential() {
    return anyCredential;
  }

  /** Whether this target can be called. */
  boolean has(String id) {
    return byId.containsKey(id);
  }

  Upstream get(String id) {
    Upstream upstream = byId.get(id);
    if (upstream == null) {
      throw new IllegalArgumentException("no provider " + id + " in config/providers.yaml");
    }
    return upstream;
  }

  @PreDestroy
  void close() throws Exception {
    for (Upstream upstream : byId.values()) {
      upstream.close();
    }
    watchdog.close();
  }
}
