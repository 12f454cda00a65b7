package dev.serai.secret;

import dev.serai.catalog.SecretSource;
import dev.serai.telemetry.Redactor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Begins to look up what settings of the environment name, before anything reads them, and learns
 * what must not be in a log.
 */
final class SecretsEnvironment implements EnvironmentPostProcessor, Ordered {

  /** After the configuration was read, and before anybody looks at it. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 100;
  }

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    SecretSettings settings =
        Binder.get(environment).bindOrCreate("serai.secrets", SecretSettings.class);
    Redactor redactor = Redactor.ofProcess();
    Secrets secrets =
        new Secrets(
            new Stores(environment, settings.timeout(), redactor),
            settings,
            environment.getProperty("OP_VAULT", "serai"),
            redactor);
    Settings found = new Settings(environment, secrets, new LinkedHashMap<>());
    found.address("spring.datasource.url");
    found.address("spring.data.redis.url", "SPRING_DATA_REDIS_URL");
    found.secret("spring.datasource.username", "");
    String database = environment.getProperty("spring.datasource.url", "");
    found.secret(
        "spring.datasource.password",
        database.startsWith("jdbc:postgresql:") ? "SPRING_DATASOURCE_PASSWORD" : "");
    found.secret(
        "spring.data.redis.password",
        found.has("spring.data.redis.host") ? "SPRING_DATA_REDIS_PASSWORD" : "");
    found.secret("serai.accounting.jms.password", "");
    found.secret("serai.accounting.kafka.sasl-jaas-config", "");
    found.secret("serai.master-key", "SERAI_MASTER_KEY");
    found.secret("serai.admin-key", "SERAI_ADMIN_KEY");
    // Who lets operators in asks for each call, and the others of this name as they need it.
    found.held.remove("serai.admin-key");
    Held master = found.held.get("serai.master-key");
    if (master != null) {
      found.held.put("SERAI_MASTER_KEY", master);
    }
    environment.getPropertySources().addFirst(new SecretProperties(secrets, found.held));
  }

  private record Settings(
      ConfigurableEnvironment environment, Secrets secrets, Map<String, Held> held) {

    boolean has(String property) {
      return !environment.getProperty(property, "").isBlank();
    }

    /** One that may hold a password, and is otherwise good to read. */
    void address(String property) {
      address(property, "");
    }

    void address(String property, String name) {
      String written = written(property);
      if (written != null && !SecretSource.isReference(written)) {
        secrets.learnPassword(written);
      } else {
        hold(property, name, written);
      }
    }

    void secret(String property, String name) {
      String written = written(property);
      if (written != null && !SecretSource.isReference(written)) {
        secrets.secret(name, written);
      } else {
        hold(property, name, written);
      }
    }

    private void hold(String property, String name, @Nullable String written) {
      try {
        Held secret = secrets.held(name, written);
        if (secret != null) {
          held.put(property, secret);
        }
      } catch (IllegalArgumentException e) {
        throw new SecretException(
            property + " is not usable: " + e.getMessage() + ".", "Mend the reference.");
      }
    }

    private @Nullable String written(String property) {
      String text = environment.getProperty(property, "").strip();
      return text.isEmpty() ? null : text;
    }
  }
}
