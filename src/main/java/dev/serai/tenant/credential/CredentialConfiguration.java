package dev.serai.tenant.credential;

import dev.serai.ledger.Changes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans of tenants' credentials. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CredentialSettings.class)
class CredentialConfiguration {

  @Bean
  KeyRing keyRing(CredentialSettings settings) {
    return KeyRing.of(settings);
  }

  @Bean
  CredentialRows credentialRows(JdbcClient jdbc) {
    return new CredentialRows(jdbc);
  }

  @Bean
  Credentials credentials(
      CredentialRows rows,
      KeyRing keys,
      Changes changes,
      Clock clock,
      CredentialSettings settings) {
    return new Credentials(rows, keys, changes, clock, settings.keep());
  }

  @Bean
  Rotation rotation(
      CredentialRows rows,
      KeyRing keys,
      Changes changes,
      CredentialSettings settings,
      MeterRegistry registry) {
    Rotation rotation = new Rotation(rows, keys, changes);
    gauge(registry, rotation, "done", each -> each.last().done());
    gauge(registry, rotation, "left", each -> each.last().left());
    gauge(registry, rotation, "unopenable", each -> each.last().unopenable().size());
    rotation.start(settings.rotateEvery());
    return rotation;
  }

  private static void gauge(
      MeterRegistry registry, Rotation rotation, String state, ToDoubleFunction<Rotation> value) {
    Gauge.builder("serai.credentials", rotation, value).tag("state", state).register(registry);
  }
}
