package dev.serai.route;

import dev.serai.budget.Budgets;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.SecretSource;
import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import dev.serai.ledger.Conversations;
import dev.serai.ledger.Installation;
import dev.serai.ledger.Results;
import dev.serai.policy.TokenCounter;
import dev.serai.recall.AnswerCache;
import dev.serai.tenant.ConfiguredTenants;
import dev.serai.tenant.KeyStore;
import dev.serai.tenant.Pseudonyms;
import dev.serai.tenant.TenantData;
import dev.serai.tenant.TenantProperties;
import dev.serai.tenant.TenantStore;
import dev.serai.tenant.Tenants;
import dev.serai.tenant.credential.Credentials;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.PackageScanResourceResolver;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the routes are made of. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({GatewayProperties.class, TenantProperties.class})
class RouteConfiguration {

  private static final int IDLE_SECONDS = 30;

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  Catalog catalog(Environment environment, SecretSource secrets) {
    return Catalog.from(environment, environment.getProperty("serai.config", "config"), secrets);
  }

  @Bean
  ConfiguredTenants configuredTenants(TenantProperties properties) {
    return ConfiguredTenants.of(properties);
  }

  @Bean
  TenantStore tenantStore(JdbcClient jdbc) {
    return new TenantStore(jdbc);
  }

  @Bean
  KeyStore keyStore(JdbcClient jdbc) {
    return new KeyStore(jdbc);
  }

  @Bean
  Tenants tenants(
      ConfiguredTenants configuration,
      TenantStore store,
      KeyStore keys,
      Changes changes,
      Clock clock) {
    return new Tenants(configuration, store, keys, changes, clock);
  }

  @Bean
  TenantData conversationsOfTenant(Conversations conversations) {
    return conversations::forget;
  }

  @Bean
  TenantData resultsOfTenant(Results results) {
    return results::forgetTenant;
  }

  @Bean
  TenantData credentialsOfTenant(Credentials credentials) {
    return credentials::forgetTenant;
  }

  @Bean
  TenantData budgetsOfTenant(Budgets budgets) {
    return budgets::forgetTenant;
  }

  @Bean
  Pseudonyms pseudonyms(Installation installation) {
    return new Pseudonyms(installation.random("tenant-pseudonyms"));
  }

  @Bean
  TokenCounter tokenCounter() {
    return new TokenCounter();
  }

  @Bean
  AnswerCache answerCache(GatewayProperties settings, Changes changes, MeterRegistry registry) {
    AnswerCache cache =
        new AnswerCache(settings.cache().maxSize().toBytes(), settings.cache().ttl());
    changes.listen(Kind.TENANT, id -> cache.forget(id.equals(Changes.ALL) ? null : id, null));
    changes.listen(Kind.CACHE, cache::forget);
    Gauge.builder("serai.cache.entries", cache, AnswerCache::size).register(registry);
    Gauge.builder("serai.cache.bytes", cache, AnswerCache::bytes).register(registry);
    return cache;
  }

  @Bean("platform-http-engine")
  PlatformHttpEngine platformHttpEngine(Environment environment) {
    return new DirectHttpEngine(environment.getProperty("server.port", Integer.class, 8080));
  }

  /**
   * Inner routes hand their exceptions to the route that called them; the entries' configuration
   * turns them into answers.
   */
  @Bean
  CamelContextConfiguration withoutErrorHandler() {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext context) {
        ((ModelCamelContext) context)
            .getCamelContextExtension()
            .setErrorHandlerFactory(new NoErrorHandlerDefinition());
      }

      @Override
      public void afterApplicationStart(CamelContext context) {}
    };
  }

  @Bean
  CamelContextCustomizer routeFiles(ResourcePatternResolver classpath) {
    return context ->
        context
            .getCamelContextExtension()
            .addContextPlugin(PackageScanResourceResolver.class, new RouteFiles(classpath));
  }

  /** A client that leaves before its answer was written is no reason for a stack trace. */
  @Bean
  ExceptionHandler quietDisconnects() {
    return new QuietDisconnects();
  }

  /** As many files at once as configured; the poller waits by working on one itself. */
  @Bean(destroyMethod = "shutdown")
  ExecutorService fileWorkers(GatewayProperties settings) {
    return new ThreadPoolExecutor(
        0,
        Math.max(1, settings.files().parallel()),
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        Thread.ofVirtual().name("file-", 0).factory(),
        new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Makes of a tapped exchange the event that accounting wants. */
  @Bean
  Processor usageEvent(Settling settling) {
    return settling::tap;
  }
}
