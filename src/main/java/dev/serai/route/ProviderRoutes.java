package dev.serai.route;

import dev.serai.catalog.BreakerSettings;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.Provider;
import dev.serai.catalog.Rate;
import dev.serai.egress.BedrockUpstream;
import java.util.Locale;
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
    if (provider.dialect() == Dialect.BEDROCK) {
      converse(provider);
    }
    templated(
            provider,
            provider.dialect().name().toLowerCase(Locale.ROOT),
            rate == null ? "provider" : "call")
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

  /** Camel's component finds the clients by name, so that they are those of the target. */
  private void converse(Provider provider) {
    BedrockUpstream upstream = upstreams.bedrock(provider.id());
    getContext().getRegistry().bind("bedrock-" + provider.id(), upstream.client());
    getContext()
        .getRegistry()
        .bind("bedrock-streaming-" + provider.id(), upstream.streamingClient());
    templated(provider, "bedrock-converse", "converse");
  }

  private TemplatedRouteDefinition templated(Provider provider, String template, String name) {
    return templatedRoute(template)
        .routeId(name + "-" + provider.id())
        .prefixId(name + "-" + provider.id() + "-")
        .parameter("id", provider.id())
        .parameter("name", name + "-" + provider.id());
  }
}
