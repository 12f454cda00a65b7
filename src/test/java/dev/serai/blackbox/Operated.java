package dev.serai.blackbox;

import java.util.HashMap;
import java.util.Map;

/**
 * The gateway that tests of what an operator sets share: a role with a timeout and somebody to fall
 * back to, and an application with a name.
 */
final class Operated {
  static final String ROLE = "hasty";
  static final String FIRST = GatewayUnderTest.MODEL;
  static final String SECOND = "openrouter/mistralai/mistral-small";

  private Operated() {}

  static GatewayUnderTest gateway() {
    Map<String, String> settings = new HashMap<>();
    settings.put("serai.cache.mode", "off");
    settings.put("serai.providers.openai.max-retries", "0");
    settings.put("OPENROUTER_REFERER", "https://inn.example");
    settings.put("OPENROUTER_TITLE", "Inn at the crossroads");
    settings.put("serai.roles." + ROLE + ".description", "Has no time");
    settings.put("serai.roles." + ROLE + ".targets[0]", FIRST);
    settings.put("serai.roles." + ROLE + ".targets[1]", SECOND);
    settings.put("serai.roles." + ROLE + ".timeout", "500ms");
    settings.put("serai.roles." + ROLE + ".temperature", "0.7");
    settings.put("serai.roles." + ROLE + ".cache", "off");
    return GatewayUnderTest.shared(settings);
  }

  /** A request of the role with more fields, such as {@code "\"stream\":true"}. */
  static String ask(String text, String fields) {
    return "{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(ROLE, fields.isEmpty() ? "" : fields + ",", text);
  }
}
