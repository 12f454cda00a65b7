package dev.serai.route;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Provider;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.resilience4j.ResilienceProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Shows each target's breaker, last error and last success. Always up: the gateway is well when a
 * provider is not, and an orchestrator that restarted it would only make things worse.
 */
@Component("targetsHealthIndicator")
final class TargetsHealth implements HealthIndicator {

  private final Catalog catalog;
  private final Upstreams upstreams;
  private final TargetStates states;
  private final CamelContext camel;

  TargetsHealth(Catalog catalog, Upstreams upstreams, TargetStates states, CamelContext camel) {
    this.catalog = catalog;
    this.upstreams = upstreams;
    this.states = states;
    this.camel = camel;
  }

  @Override
  public Health health() {
    Health.Builder health = Health.up();
    for (Provider provider : catalog.providers()) {
      health.withDetail(provider.id(), details(provider));
    }
    return health.build();
  }

  private Map<String, Object> details(Provider provider) {
    TargetStates.Seen seen = states.seen(provider.id());
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("usable", provider.usable() && upstreams.has(provider.id()));
    put(details, "breaker", breaker(provider.id()));
    put(details, "last_success_at", seen.lastSuccess());
    put(details, "last_error", seen.lastError());
    put(details, "last_error_at", seen.lastErrorAt());
    return details;
  }

  private static void put(Map<String, Object> details, String name, @Nullable Object value) {
    if (value != null) {
      details.put(name, value instanceof String text ? text : value.toString());
    }
  }

  /** Null where a target has none, or while the routes are not there. */
  private @Nullable String breaker(String id) {
    for (String route : new String[] {"provider-", "call-"}) {
      ResilienceProcessor breaker =
          camel.getProcessor(route + id + "-breaker", ResilienceProcessor.class);
      if (breaker != null && breaker.getCircuitBreaker() != null) {
        return breaker.getCircuitBreakerState().toLowerCase(Locale.ROOT);
      }
    }
    return null;
  }
}
