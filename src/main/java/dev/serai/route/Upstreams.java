package dev.serai.route;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.Provider;
import dev.serai.egress.BedrockUpstream;
import dev.serai.egress.Check;
import dev.serai.egress.HttpUpstream;
import dev.serai.egress.LocalUpstream;
import dev.serai.egress.TargetChecks;
import dev.serai.egress.Upstream;
import dev.serai.egress.Watchdog;
import dev.serai.policy.TokenCounter;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The clients of all configured targets, each made once and kept with its connections. */
@Component
final class Upstreams implements TargetChecks {

  private final Watchdog watchdog = new Watchdog();
  private final Map<String, Upstream> byId = new LinkedHashMap<>();
  private final Catalog catalog;
  private volatile boolean anyCredential;

  Upstreams(Catalog catalog, TokenCounter counter, Clock clock) {
    this.catalog = catalog;
    for (Provider provider : catalog.providers()) {
      switch (provider.dialect()) {
        case OPENAI, ANTHROPIC ->
            byId.put(provider.id(), new HttpUpstream(provider, watchdog, clock));
        case LOCAL ->
            byId.put(provider.id(), new LocalUpstream(provider.tokenDelay(), counter, clock));
        // Without a credential of its own it is there for tenants that have theirs.
        case BEDROCK ->
            byId.put(provider.id(), new BedrockUpstream(provider, counter, watchdog, clock));
      }
    }
  }

  /** True when a provider that can be called has a key; a key that nothing uses does not count. */
  boolean anyCredential() {
    if (!anyCredential) {
      anyCredential = catalog.providers().stream().anyMatch(this::answersWithKey);
    }
    return anyCredential;
  }

  private boolean answersWithKey(Provider provider) {
    return provider.dialect() != Dialect.LOCAL && provider.usable() && has(provider.id());
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

  BedrockUpstream bedrock(String id) {
    if (get(id) instanceof BedrockUpstream bedrock) {
      return bedrock;
    }
    throw new IllegalArgumentException("provider " + id + " is not of dialect bedrock");
  }

  @Override
  public @Nullable Check check(String id) {
    if (catalog.provider(id) == null) {
      return null;
    }
    return has(id)
        ? get(id).check()
        : Check.without(Check.State.UNKNOWN, "The gateway has no route to this target yet.");
  }

  @PreDestroy
  void close() throws Exception {
    for (Upstream upstream : byId.values()) {
      upstream.close();
    }
    watchdog.close();
  }
}
