package dev.serai.catalog;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Providers for tests that need no files. */
public final class Providers {
  private Providers() {}

  /** A provider {@code test} of OpenAI's type with a key, whose calls may take this long. */
  public static Provider openAi(String baseUrl, HttpVersion version, Timeouts timeouts) {
    return of(Dialect.OPENAI, "openai", baseUrl, version, timeouts);
  }

  /** The same of Anthropic's type. */
  public static Provider anthropic(String baseUrl, Timeouts timeouts) {
    return of(Dialect.ANTHROPIC, "anthropic", baseUrl, HttpVersion.HTTP_1_1, timeouts);
  }

  private static Provider of(
      Dialect dialect, String name, String baseUrl, HttpVersion version, Timeouts timeouts) {
    return new Provider(
        "test",
        dialect,
        name,
        URI.create(baseUrl),
        new Secret("sk-test"),
        "TEST_API_KEY",
        null,
        10,
        version,
        timeouts,
        20,
        Map.of("X-Extra", new Secret("more")),
        3,
        new BreakerSettings(50, 20, 100, Duration.ofSeconds(30)),
        new EmbeddingLimits(2048, 300_000),
        null,
        Duration.ZERO,
        null);
  }
}
