package dev.serai.blackbox;

import java.util.HashMap;
import java.util.Map;

/**
 * The gateway that tests of bounds share: two places, breakers that open after five failures, a
 * role with two targets, and watched folders.
 */
final class Tight {
  static final int PLACES = 2;
  static final int FAILURES_THAT_OPEN = 5;
  static final String ROLE = "tight";

  private Tight() {}

  static GatewayUnderTest gateway() {
    Map<String, String> settings = new HashMap<>();
    settings.put("serai.limits.in-flight", Integer.toString(PLACES));
    settings.put("serai.limits.queue", "5");
    settings.put("serai.limits.queue-wait", "400ms");
    settings.put("serai.cache.mode", "off");
    settings.put("serai.files.enabled", "true");
    settings.put("serai.files.poll", "100ms");
    settings.put("serai.files.settle", "100ms");
    settings.put("serai.providers.openai.max-retries", "0");
    settings.put("serai.providers.openai.breaker.minimum-calls", "5");
    settings.put("serai.providers.openai.breaker.sliding-window", "5");
    settings.put("serai.providers.openai.breaker.open-for", "1s");
    settings.put("serai.roles." + ROLE + ".description", "Has somebody to fall back to");
    settings.put("serai.roles." + ROLE + ".targets[0]", GatewayUnderTest.MODEL);
    settings.put("serai.roles." + ROLE + ".targets[1]", "openrouter/mistralai/mistral-small");
    settings.put("serai.roles." + ROLE + ".cache", "off");
    return GatewayUnderTest.shared(settings);
  }
}
