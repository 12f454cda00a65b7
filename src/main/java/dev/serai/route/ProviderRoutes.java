package dev.serai.route;

import dev.serai.catalog.BreakerSettings;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.Provider;
import dev.serai.catalog.Rate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.springframework.stereotype.Component;

/**
 * Makes one route for each configured provider from the template of its dialect. The Throttle is in
 * the template of paced providers only: at no rate it has nothing to do.
 */
@Component
final class ProviderRoutes extends RouteBuilder {

  private final Catalog catalog;
  private final Upstreams upstreams;

  ProviderRoutes(Catalog catalog, Upstreams upstreams) {
    this.catalog = catalog;
    this.upstreams = upstreams;
  }

  @Override
  public void configure() {
    for (Provider provider : catalog.providers()) {
      if (upstreams.has(provider.id())) {
        route(provider);
      }
    }
  }

  private void route(Provider provider) {
    if (provider.dialect() == Dialect.LOCAL) {
      templated(provider, "local", "provider");
      return;
    }
    Rate rate = provider.rate();
    BreakerSettings breaker = provider.breaker();
    templated(provider, "openai", rate == null ? "provider" : "call")
        .parameter("failureRateThreshold", Integer.toString(breaker.failureRateThreshold()))
        .parameter("minimumCalls", Integer.toString(breaker.minimumCalls()))
        .parameter("slidingWindow", Integer.toString(breaker.slidingWindow()))
        .parameter("openForSeconds", Long.toString(Math.max(1, breaker.openFor().toSeconds())));
    if (rate != null) {
      templated(provider, "paced", "provider")
          .parameter("permits", Integer.toString(rate.permits()))
          .parameter("periodMillis", Long.toString(rate.period().toMillis()));
    }
  }

  private TemplatedRouteDefinition templated(Provider provider, String template, String name) {
    return templatedRoute(template)
        .routeId(name + "-" + provider.id())
        .prefixId(name + "-" + provider.id() + "-")
        .parameter("id", provider.id())
        .parameter("name", name + "-" + provider.id());
  }
}
