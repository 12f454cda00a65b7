package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogProblemsTest {
  private static final String FILES =
      """
      serai:
        providers:
          openai:
            dialect: openai
            provider-name: openai
            base-url: https://api.openai.com/v1
            api-key: sk-secret
            credential: OPENAI_API_KEY
          local: {dialect: local, provider-name: local}
        models:
          - id: gpt-4o
            provider: openai
            prices:
              - version: v1
                source: list
                checked: 2026-01-01
                input: 2.50
                output: 10.00
                tiers:
                  - {above-prompt-tokens: 200, input: 1, output: 1}
          - id: serai-local
            provider: local
            prices:
              - {version: v1, source: in process, checked: 2026-01-01, input: 0, output: 0}
        roles:
          chat:
            description: Chats
            targets: [openai/gpt-4o]
      """;

  @Test
  void the_unspoilt_files_are_accepted() {
    assertThat(Configured.yaml(FILES).models()).hasSize(2);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          input: 2.50|input: -1|models.yaml: gpt-4o: price v1: input is negative (-1): give USD per million tokens, 0 or more
          input: 2.50|input: 10001|models.yaml: gpt-4o: price v1: input is out of range (10001, allowed 0 to 10000): give USD per million tokens, 0 or more
          input: 2.50|input: cheap|models.yaml: gpt-4o: price v1: input is no number (cheap): give USD per million tokens, 0 or more
          input: 2.50|input: "0.0000001"|models.yaml: gpt-4o: price v1: input is too fine (0.0000001): give at most six decimals
          input: 2.50|flex: {input: 1, output: 1}|models.yaml: gpt-4o: price v1: input is missing: give USD per million tokens, 0 or more
          version: v1|version: " "|models.yaml: gpt-4o: price number 1: version is missing: give each price a name, such as its first day
          source: list|source: ""|models.yaml: gpt-4o: price v1: source is missing: say where the price was read
          checked: 2026-01-01|checked: 2026-13-01|models.yaml: gpt-4o: price v1: checked is no day (2026-13-01): give a day such as 2026-03-11
          checked: 2026-01-01|checked: 2026-01-01;;valid-from: x|models.yaml: gpt-4o: price v1: valid-from is no instant and no day (x): give one such as 2024-10-01T00:00:00Z or 2024-10-01
          checked: 2026-01-01|checked: 2026-01-01;;valid-until: 2026-02-30|models.yaml: gpt-4o: price v1: valid-until is no instant and no day (2026-02-30): give one such as 2024-10-01T00:00:00Z or 2024-10-01
          checked: 2026-01-01|checked: 2026-02-29|models.yaml: gpt-4o: price v1: checked is no day (2026-02-29): give a day such as 2026-03-11
          input: 2.50|input: 2.50;;currency: EUR|models.yaml: gpt-4o: price v1: currency is unknown (EUR): give all prices in USD, or leave it out
          input: 2.50|input: 2.50;;per-request: -1|models.yaml: gpt-4o: price v1: per-request is negative (-1): give USD per call, 0 or more
          input: 2.50|input: 2.50;;per-request: 101|models.yaml: gpt-4o: price v1: per-request is out of range (101, allowed 0 to 100): give USD per call, 0 or more
          input: 2.50|input: 2.50;;per-request: "0.0000000001"|models.yaml: gpt-4o: price v1: per-request is too fine (0.0000000001): give at most nine decimals
          input: 2.50|input: 2.50;;reasoning: -2|models.yaml: gpt-4o: price v1: reasoning is negative (-2): give USD per million tokens, 0 or more
          input: 2.50|input: 2.50;;audio-output: 10001|models.yaml: gpt-4o: price v1: audio-output is out of range (10001, allowed 0 to 10000): give USD per million tokens, 0 or more
          input: 2.50|input: 2.50;;image-input: NaN|models.yaml: gpt-4o: price v1: image-input is no number (NaN): give USD per million tokens, 0 or more
          input: 2.50|input: 2.50;;cache-write-1h: 100000|models.yaml: gpt-4o: price v1: cache-write-1h is out of range (100000, allowed 0 to 10000): give USD per million tokens, 0 or more
          input: 2.50|input: 2.50;;batch: {input: 1, output: 1}|models.yaml: gpt-4o: price v1: batch: tiers are missing: give those for long prompts too, as for ordinary calls
          input: 2.50|input: 2.50;;batch: {input: 1, output: -1, tiers: [{above-prompt-tokens: 5, input: 1, output: 1}]}|models.yaml: gpt-4o: price v1: batch: output is negative (-1): give USD per million tokens, 0 or more
          above-prompt-tokens: 200|above-prompt-tokens: -5|models.yaml: gpt-4o: price v1: tier above -5: above-prompt-tokens is not usable (-5): give a whole number from 1 to 2147483647
          above-prompt-tokens: 200|above-prompt-tokens: 0|models.yaml: gpt-4o: price v1: tier above 0: above-prompt-tokens is not usable (0): give a whole number from 1 to 2147483647
          id: gpt-4o|id: gpt 4o|models.yaml: gpt 4o: id is not allowed (gpt 4o): use letters, digits and . _ - : / @ + only
          id: gpt-4o|kind: chat|models.yaml: model number 1: id is missing: give the name that the provider is told
          id: gpt-4o|id: gpt-4o;;aliases: [gpt-4o]|models.yaml: gpt-4o: gpt-4o is there twice for provider openai: name each model, alias and profile once
          id: gpt-4o|id: gpt-4o;;kind: image|models.yaml: gpt-4o: kind is unknown (image): give chat, embedding
          id: gpt-4o|id: gpt-4o;;fixed-sampling: perhaps|models.yaml: gpt-4o: fixed-sampling is not usable (perhaps): give true or false
          id: gpt-4o|id: gpt-4o;;context-window: many|models.yaml: gpt-4o: context-window is not usable (many): give a whole number from 1 to 2147483647
          provider: openai|provider: azure|models.yaml: gpt-4o: provider is unknown (azure): give one of openai, local, or add it to providers.yaml
          dialect: openai|dialect: soap|providers.yaml: openai: dialect is unknown (soap): give openai, bedrock, anthropic, local
          dialect: openai|requests-per-second: 1|providers.yaml: openai: dialect is missing: give openai, bedrock, anthropic or local
          provider-name: openai|provider-name: a b|providers.yaml: openai: provider-name is not allowed (a b): use letters, digits, dots, dashes and underscores only
          credential: OPENAI_API_KEY|max-waiting: 1|providers.yaml: openai: credential is missing: name the variable that holds its key
          credential: OPENAI_API_KEY|credential: K;;attempt-timeout: 0s|providers.yaml: openai: attempt-timeout is not more than 0 (0s): give a time such as 30s
          credential: OPENAI_API_KEY|credential: K;;connect-timeout: -1s|providers.yaml: openai: connect-timeout is negative (-1s): give a time such as 30s
          credential: OPENAI_API_KEY|credential: K;;first-byte-timeout: soon|providers.yaml: openai: first-byte-timeout is no time (soon): give one such as 30s, 500ms or 2m
          credential: OPENAI_API_KEY|credential: K;;requests-per-second: 0.0001|providers.yaml: openai: requests-per-second is below 0.001 (1.0E-4): give calls per second such as 5 or 0.5, or 0 for no rate
          credential: OPENAI_API_KEY|credential: K;;http-version: 3|providers.yaml: openai: http-version is unknown (3): give "1.1" or "2"
          credential: OPENAI_API_KEY|credential: K;;max-connections: 0|providers.yaml: openai: max-connections is not usable (0): give a whole number from 1 to 100000
          credential: OPENAI_API_KEY|credential: K;;breaker: {minimum-calls: 9, sliding-window: 8}|providers.yaml: openai: breaker: minimum-calls (9) is more than sliding-window (8): it would never open
          credential: OPENAI_API_KEY|credential: K;;headers: {Host: x}|providers.yaml: openai: header Host is set by the call itself: leave it out
          credential: OPENAI_API_KEY|credential: K;;headers: {"[a b]": x}|providers.yaml: openai: header a b is no header name: use letters, digits and dashes
          credential: OPENAI_API_KEY|credential: K;;headers: {x-a: "sk-secret\\nb"}|providers.yaml: openai: header x-a holds a character that no header may carry: mend it
          base-url: https://api.openai.com/v1|base-url: ""|providers.yaml: openai: base-url is missing: give one such as https://api.openai.com/v1
          base-url: https://api.openai.com/v1|base-url: "https://me:sk-secret@api.openai.com"|providers.yaml: openai: base-url is not usable: give one such as https://api.openai.com/v1, without user, query or fragment in it
          base-url: https://api.openai.com/v1|base-url: "ftp://a"|providers.yaml: openai: base-url is not usable: give one such as https://api.openai.com/v1, without user, query or fragment in it
          base-url: https://api.openai.com/v1|base-url: "no url"|providers.yaml: openai: base-url is not usable: give one such as https://api.openai.com/v1, without user, query or fragment in it
          api-key: sk-secret|api-key: "sk-secret\\u00e9"|providers.yaml: openai: api-key holds a blank or a character that no header may carry: mend it
          dialect: local|dialect: anthropic, base-url: "http://a", credential: K|providers.yaml: no provider has the dialect local and a model: add one, it answers while there is no key
          targets: [openai/gpt-4o]|targets: []|roles.yaml: chat: targets are missing: give at least one, such as openai/gpt-4o-mini
          targets: [openai/gpt-4o]|targets: [gpt-99]|roles.yaml: chat: target is unknown (gpt-99): add the model to models.yaml, or qualify it as provider/model
          targets: [openai/gpt-4o]|targets: [openai/gpt-4o];;temperature: 3|roles.yaml: chat: temperature is out of range (3, allowed 0 to 2): give 0 to 2, such as 0.1
          targets: [openai/gpt-4o]|targets: [openai/gpt-4o];;cache: sometimes|roles.yaml: chat: cache is unknown (sometimes): give on, off, deterministic
          targets: [openai/gpt-4o]|targets: [openai/gpt-4o];;max-output-tokens: 0|roles.yaml: chat: max-output-tokens is not usable (0): give a whole number from 1 to 2147483647
          targets: [openai/gpt-4o]|targets: [openai/gpt-4o];;timeout: 0s|roles.yaml: chat: timeout is not more than 0 (0s): give a time such as 30s
          targets: [openai/gpt-4o]|targets: [openai/gpt-4o];;timeout: soon|roles.yaml: chat: timeout is no time (soon): give one such as 30s, 500ms or 2m
          description: Chats|cache: on|roles.yaml: chat: description is missing: say in a sentence what it is for
          """)
  void names_file_entry_and_remedy(String sound, String spoilt, String message) {
    List<String> problems = problems(spoil(sound, spoilt));

    assertThat(problems).first().isEqualTo("config/" + message);
    assertThat(problems).hasSizeLessThanOrEqualTo(2);
    assertThat(problems).noneMatch(problem -> problem.contains("sk-secret"));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          output: 10.00|output: 10.00;;cache-raed: 1|config/models.yaml: serai.models[0].prices[0].cache-raed is no known setting
          output: 10.00|output: 10.00;;bulk: {deep: {input: 1}}|config/models.yaml: serai.models[0].prices[0].bulk is no known setting
          output: 10.00|output: 10.00;;notes: [a, b]|config/models.yaml: serai.models[0].prices[0].notes is no known setting
          above-prompt-tokens: 200|above: 1, above-prompt-tokens: 200|config/models.yaml: serai.models[0].prices[0].tiers[0].above is no known setting
          output: 10.00|output: 10.00;;flex: {inputt: 1}|config/models.yaml: serai.models[0].prices[0].flex.inputt is no known setting
          description: Chats|description: Chats;;tempreature: 1|config/roles.yaml: serai.roles.chat.tempreature is no known setting
          credential: OPENAI_API_KEY|credential: K;;base-uri: x|config/providers.yaml: serai.providers.openai.base-uri is no known setting
          """)
  void refuses_a_setting_it_does_not_know(String sound, String spoilt, String message) {
    assertThat(problems(spoil(sound, spoilt)))
        .singleElement()
        .asString()
        .startsWith(message)
        .contains(":", " - ");
  }

  @Test
  void refuses_a_shape_it_does_not_know() {
    assertThat(problems("serai:\n  models: [gpt-4o]\n"))
        .singleElement()
        .asString()
        .startsWith("config/models.yaml: serai.models")
        .endsWith("cannot be read: compare its shape with the packaged file");
  }

  @Test
  void refuses_two_prices_for_the_same_time() {
    assertThat(
            problems(
                prices(
                    """
                    - {version: a, %s, valid-until: 2024-10-01T00:00:01Z}
                    - {version: b, %s, valid-from: 2024-10-01T00:00:00Z}
                    """)))
        .containsExactly(
            "config/models.yaml: gpt-4o: price b: holds at the same time as price a: end one with"
                + " valid-until where the other starts with valid-from");
  }

  @Test
  void refuses_a_version_that_is_there_twice() {
    assertThat(
            problems(
                prices(
                    """
                    - {version: a, %s, valid-until: 2024-10-01T00:00:00Z}
                    - {version: a, %s, valid-from: 2024-10-01T00:00:00Z}
                    """)))
        .containsExactly(
            "config/models.yaml: gpt-4o: price a: version is there twice: give each price of a"
                + " model its own");
  }

  @Test
  void refuses_a_price_that_never_holds() {
    assertThat(
            problems(
                prices(
                    "- {version: a, %s, valid-from: 2024-10-01T00:00:00Z,"
                        + " valid-until: 2024-10-01T00:00:00Z}\n")))
        .containsExactly(
            "config/models.yaml: gpt-4o: price a: valid-from is not before valid-until: it would"
                + " never hold");
  }

  @Test
  void refuses_a_model_without_prices_and_a_tier_that_is_there_twice() {
    String tier = "{above-prompt-tokens: 200, input: 1, output: 1}";

    assertThat(problems(prices("[]\n")))
        .containsExactly(
            "config/models.yaml: gpt-4o: prices are missing: give at least one, or leave the model"
                + " out and have it unpriced");
    assertThat(problems(prices("- {version: a, %s, tiers: [" + tier + ", " + tier + "]}\n")))
        .containsExactly(
            "config/models.yaml: gpt-4o: price a: tier above 200: is there twice: give each tier"
                + " its own above-prompt-tokens");
    assertThat(problems(prices("- {version: a, %s, tiers: [{input: 1, output: 1}]}\n")))
        .containsExactly(
            "config/models.yaml: gpt-4o: price a: above-prompt-tokens of a tier is missing: give"
                + " one");
  }

  @Test
  void names_everything_that_is_wrong_at_once() {
    String spoilt =
        spoil("input: 2.50", "input: -1")
            .replace("dialect: openai", "dialect: soap")
            .replace("description: Chats", "cache: on")
            .replace("chat:\n", "\"[a/b]\":\n");

    CatalogException thrown =
        Objects.requireNonNull(
            catchThrowableOfType(CatalogException.class, () -> Configured.yaml(spoilt)));

    assertThat(thrown.problems())
        .hasSize(4)
        .contains(
            "config/roles.yaml: a/b: its name is not allowed (a/b): use letters, digits, dots,"
                + " dashes and underscores only");
    assertThat(thrown).hasMessage(String.join(System.lineSeparator(), thrown.problems()));
  }

  @Test
  void a_provider_id_cannot_hold_a_slash() {
    assertThat(problems(spoil("    local: {", "    \"[a/b]\": {")))
        .containsExactly(
            "config/providers.yaml: a/b: its name is not allowed (a/b): use letters, digits, dots,"
                + " dashes and underscores only");
  }

  @Test
  void an_emptied_role_variable_is_named() {
    CatalogException thrown =
        Objects.requireNonNull(
            catchThrowableOfType(
                CatalogException.class,
                () -> Configured.packaged(Map.of("DEFAULT_RAG_MODEL", " "))));

    assertThat(thrown.problems())
        .containsExactly(
            "config/roles.yaml: rag: targets are missing: give at least one, such as"
                + " openai/gpt-4o-mini");
  }

  private static String prices(String entries) {
    String facts = "source: list, checked: 2026-01-01, input: 1, output: 1";
    int start = FILES.indexOf("        - version: v1");
    int end = FILES.indexOf("    - id: serai-local");
    return FILES.substring(0, start)
        + entries.replace("%s", facts).indent(8)
        + FILES.substring(end);
  }

  /** Replaces the first occurrence; {@code ;;} starts another setting of the same entry. */
  private static String spoil(String sound, String spoilt) {
    int at = FILES.indexOf(sound);
    assertThat(at).isNotNegative();
    String indent = " ".repeat(at - FILES.lastIndexOf('\n', at) - 1);
    return FILES.substring(0, at)
        + spoilt.replace(";;", "\n" + indent)
        + FILES.substring(at + sound.length());
  }

  private static List<String> problems(String files) {
    return Objects.requireNonNull(
            catchThrowableOfType(CatalogException.class, () -> Configured.yaml(files)))
        .problems();
  }
}
