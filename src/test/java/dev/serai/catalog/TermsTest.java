package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tenant's entry may say of prices. */
class TermsTest {
  private static final String FILES =
      """
      serai:
        providers:
          openai: {dialect: openai, provider-name: openai, base-url: "https://x/v1", credential: K}
          local: {dialect: local, provider-name: local}
        models:
          - id: m
            provider: openai
            aliases: [also-m]
            prices:
              - {version: list, source: list, checked: 2026-01-01, input: 2, output: 8}
          - id: in-process
            provider: local
            prices:
              - {version: v1, source: in process, checked: 2026-01-01, input: 0, output: 0}
        roles:
          chat: {description: Chats, targets: [openai/m]}
        tenants:
          acme:
            name: Acme
            key-sha256: []
            mark-up: 12.5
            models:
              - id: also-m
                provider: openai
                prices:
                  - {version: deal, valid-until: 2026-07-01, source: contract, checked: 2026-01-01, input: 1, output: 4}
          plain:
            name: Plain
      """;
  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

  @Test
  void a_tenant_has_its_mark_up_and_its_own_prices_while_they_hold() {
    Catalog catalog = Configured.yaml(FILES);
    Model model = catalog.model("openai", "m");
    Terms terms = catalog.terms("acme");

    assertThat(terms.markUp()).isEqualTo(1250);
    assertThat(version(terms.priceAt(model, MAY))).isEqualTo("deal");
    assertThat(version(terms.priceAt(model, Instant.parse("2026-07-01T00:00:00Z"))))
        .isEqualTo("list");
    assertThat(version(terms.priceAt(catalog.model("local", "in-process"), MAY))).isEqualTo("v1");
    assertThat(terms.priceAt(null, MAY)).isNull();
  }

  @Test
  void others_pay_by_the_list() {
    Catalog catalog = Configured.yaml(FILES);

    assertThat(catalog.terms("plain")).isEqualTo(Terms.LIST);
    assertThat(catalog.terms("unheard-of")).isEqualTo(Terms.LIST);
    assertThat(version(Terms.LIST.priceAt(catalog.model("openai", "m"), MAY))).isEqualTo("list");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mark-up: 12.5|mark-up: -1|acme: mark-up is negative (-1): give per cent of the cost such as 12.5, 0 or more
          mark-up: 12.5|mark-up: 1001|acme: mark-up is out of range (1001, allowed 0 to 1000): give per cent of the cost such as 12.5, 0 or more
          mark-up: 12.5|mark-up: 20%|acme: mark-up is no number (20%): give per cent of the cost such as 12.5, 0 or more
          mark-up: 12.5|mark-up: 0.125|acme: mark-up is too fine (0.125): give at most two decimals
          id: also-m|id: m2|acme: m2: is no model of provider openai: add it to models.yaml
          input: 1,|input: -1,|acme: also-m: price deal: input is negative (-1): give USD per million tokens, 0 or more
          input: 1,|input: 1, cache-raed: 1,|serai.tenants.acme.models[0].prices[0].cache-raed is no known setting
          - id: also-m|- {id: m, provider: openai, prices: [{version: a, source: b, checked: 2026-01-01, input: 1, output: 1}]};- id: also-m|acme: also-m: is there twice: give all its prices in one entry
          """)
  void refuses_what_cannot_be_right(String sound, String spoilt, String message) {
    String indent = "\n" + " ".repeat(8);
    String files = FILES.replaceFirst(sound, spoilt.replace(";", indent));

    List<String> problems =
        Objects.requireNonNull(
                catchThrowableOfType(CatalogException.class, () -> Configured.yaml(files)))
            .problems();

    assertThat(problems).singleElement().asString().startsWith("config/tenants.yaml: " + message);
  }

  private static String version(@Nullable Price price) {
    return Objects.requireNonNull(price).version();
  }
}
