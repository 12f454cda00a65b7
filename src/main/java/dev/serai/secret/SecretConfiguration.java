package dev.serai.secret;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Hands the secrets of the environment to those who ask for more of them. */
@Configuration(proxyBeanMethods = false)
class SecretConfiguration {

  @Bean(destroyMethod = "close")
  Secrets secrets(ConfigurableEnvironment environment) {
    return (Secrets)
        Objects.requireNonNull(environment.getPropertySources().get(SecretProperties.NAME))
            .getSource();
  }

  /** By then everybody has asked, and no caller has been let in. */
  @Bean
  SmartInitializingSingleton secretsReady(Secrets secrets) {
    return secrets::ready;
  }

  /** Connections that are made from then on use the password as it is. */
  @Bean
  SmartInitializingSingleton databasePassword(
      Secrets secrets, ObjectProvider<DataSource> database, ConfigurableEnvironment environment) {
    return () -> {
      if (database.getIfAvailable() instanceof HikariDataSource pool) {
        secrets.follow(new DatabasePassword(pool, environment));
      }
    };
  }

  @Bean
  MeterBinder secretMeters(Secrets secrets) {
    return registry -> {
      FunctionCounter.builder("serai.secrets.failures", secrets, Secrets::failures)
          .register(registry);
      Gauge.builder("serai.secrets.stale", secrets, Secrets::stale).register(registry);
    };
  }
}
