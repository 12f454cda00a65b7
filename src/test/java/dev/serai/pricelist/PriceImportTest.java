package dev.serai.pricelist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Configured;
import dev.serai.catalog.Model;
import dev.serai.catalog.Price;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.ServiceTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

class PriceImportTest {
  private static final Path PACKAGED = Path.of("config/models.yaml");
  private static final Instant BEFORE = Instant.parse("2026-03-15T23:59:59Z");
  private static final Instant AFTER = Instant.parse("2026-03-16T00:00:00Z");

  @TempDir Path folder;
  private Path models = PACKAGED;

  @BeforeEach
  void copyTheModels() throws IOException {
    models = Files.copy(PACKAGED, folder.resolve("models.yaml"));
  }

  @Test
  void says_what_is_new_changed_and_gone_in_usd_per_million() throws IOException {
    List<String> lines = run("litellm.json", Set.of(), false);

    assertThat(lines)
        .startsWith(
            "# LiteLLM price file of 2026-03-16 beside models.yaml, in USD per million tokens")
        .contains(
            "    # changed: gpt-4o",
            "    #   input 2.50 -> 2.00",
            "    #   cache-read 1.25 -> 1.00",
            "    #   batch input 1.25 -> 1.00",
            "    #   1,000 tokens in and 1,000 out: $0.0125 -> $0.012",
            "    #   price 2024-10-01 then ends: valid-until: 2026-03-16",
            "    #   above 200000 input 6.00 -> 5.00",
            "    # new: gpt-caravan",
            "# gone: o3 of openai is not in the file",
            "# nothing was written: add --write, and --only=<id>,… for some of them")
        .noneMatch(line -> line.contains("output 10.00"))
        .noneMatch(line -> line.contains("desert"))
        .noneMatch(line -> line.startsWith("# gone: serai-local"));
    assertThat(lines.get(1))
        .isEqualTo("# 2 changed, 2 new, 24 gone, 4 the same, 0 left alone, 9 passed over");
    assertThat(Files.readString(models)).isEqualTo(Files.readString(PACKAGED));
  }

  @Test
  void says_why_an_entry_is_passed_over() throws IOException {
    assertThat(run("litellm.json", Set.of(), false))
        .filteredOn(line -> line.startsWith("# passed over: "))
        .containsExactlyInAnyOrder(
            "# passed over: us.anthropic.claude-haiku-4-5-20251001-v1:0: a region or an inference"
                + " profile",
            "# passed over: paint-1: neither chat nor embeddings",
            "# passed over: gpt-negative: a negative price",
            "# passed over: gpt-text: a price that is no number",
            "# passed over: gpt-gold: above USD 10,000 per million tokens",
            "# passed over: gpt-dust: below USD 0.000001 per million tokens",
            "# passed over: gpt-endless: a price beyond all measure",
            "# passed over: gpt-by-the-second: no price for a token",
            "# passed over: gpt\"?- id: \"x: a name that models.yaml does not allow");
  }

  @Test
  void what_it_prints_is_yaml() throws IOException {
    String text = String.join("\n", run("litellm.json", Set.of(), false));

    PropertySource<?> yaml =
        new YamlPropertySourceLoader()
            .load("x", new ByteArrayResource(text.getBytes(UTF_8)))
            .getFirst();

    assertThat(yaml.getProperty("serai.models[0].id")).hasToString("gpt-4o");
    assertThat(yaml.getProperty("serai.models[0].prices[0].input")).hasToString("2.00");
    assertThat(yaml.getProperty("serai.models[0].prices[0].priority.input")).hasToString("4.25");
  }

  @Test
  void writes_the_changed_price_behind_the_one_that_ends_and_nothing_else() throws IOException {
    List<String> lines = run("litellm.json", Set.of("gpt-4o"), true);

    assertThat(lines).last().isEqualTo("# written: " + models);
    List<String> before = Files.readAllLines(PACKAGED);
    List<String> after = Files.readAllLines(models);
    assertThat(after).containsSubsequence(before).hasSize(before.size() + 10);
    assertThat(after)
        .containsSequence(
            "        - version: \"2024-10-01\"",
            "          valid-until: 2026-03-16",
            "          valid-from: 2024-10-01T00:00:00Z")
        .containsSequence(
            "          priority: {input: \"4.25\", output: \"17.00\"}",
            "        - version: \"2026-03-16\"",
            "          valid-from: 2026-03-16");
    assertThat(price("openai", "gpt-4o", BEFORE).standard().base())
        .isEqualTo(new UnitPrices(2_500_000, 10_000_000, 1_250_000, 2_500_000));
    Price now = price("openai", "gpt-4o", AFTER);
    assertThat(now.standard().base())
        .isEqualTo(new UnitPrices(2_000_000, 10_000_000, 1_000_000, 2_000_000));
    assertThat(now.tariff(ServiceTier.BATCH).base().input()).isEqualTo(1_000_000);
    assertThat(now.tariff(ServiceTier.PRIORITY).base().output()).isEqualTo(17_000_000);
    assertThat(now.source()).isEqualTo("LiteLLM price file");
    assertThat(now.checked()).hasToString("2026-03-16");
  }

  @Test
  void writes_new_models_with_all_that_the_file_says() throws IOException {
    run("litellm.json", Set.of(), true);

    Price caravan = price("openai", "gpt-caravan", AFTER);
    assertThat(caravan.standard().base().reasoning()).isEqualTo(11_000_000);
    assertThat(caravan.standard().base().media().audioInput()).isEqualTo(40_000_000);
    assertThat(caravan.standard().unitPrices(272_001).input()).isEqualTo(6_000_000);
    assertThat(caravan.standard().unitPrices(272_001).output()).isEqualTo(18_000_000);
    assertThat(caravan.perRequestNanos()).isEqualTo(2_000_000);
    assertThat(caravan.lists(ServiceTier.BATCH)).isFalse();
    assertThat(caravan.tariff(ServiceTier.PRIORITY).unitPrices(272_001).input())
        .isEqualTo(12_000_000);
    assertThat(caravan.tariff(ServiceTier.PRIORITY).unitPrices(272_001).output())
        .isEqualTo(24_000_000);
    Model embedding = model("openai", "text-embedding-caravan");
    assertThat(embedding.kind()).isEqualTo(Model.Kind.EMBEDDING);
    assertThat(embedding.dimensions()).isEqualTo(1024);
    assertThat(price("anthropic", "claude-sonnet-4-20250514", AFTER).standard().unitPrices(200_001))
        .extracting(UnitPrices::input, UnitPrices::cacheRead, UnitPrices::cacheWriteHour)
        .containsExactly(5_000_000L, 600_000L, 12_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"litellm.json", "openrouter.json"})
  void a_second_time_there_is_nothing_to_write(String file) throws IOException {
    run(file, Set.of(), true);
    String written = Files.readString(models);

    List<String> lines = run(file, Set.of(), true);

    assertThat(lines).last().isEqualTo("# nothing to write");
    assertThat(lines.get(1)).startsWith("# 0 changed, 0 new, ");
    assertThat(Files.readString(models)).isEqualTo(written);
  }

  @Test
  void reads_what_openrouter_says_of_its_models() throws IOException {
    List<String> lines = run("openrouter.json", Set.of(), true);

    assertThat(lines)
        .contains(
            "# OpenRouter models of 2026-03-16 beside models.yaml, in USD per million tokens",
            "# 1 changed, 2 new, 2 gone, 1 the same, 0 left alone, 2 passed over",
            "# gone: openai/gpt-4o of openrouter is not in the file",
            "# passed over: openrouter/auto: a negative price",
            "# passed over: caravan/unpriced: no price for a token");
    Price sonnet = price("openrouter", "anthropic/claude-sonnet-4", AFTER);
    assertThat(sonnet.standard().base())
        .isEqualTo(new UnitPrices(2_000_000, 10_000_000, 200_000, 2_500_000));
    assertThat(sonnet.standard().unitPrices(200_001).input()).isEqualTo(6_000_000);
    assertThat(price("openrouter", "caravan/camel-2:free", AFTER).standard().base())
        .isEqualTo(UnitPrices.FREE);
    Price camel = price("openrouter", "caravan/camel-2", AFTER);
    assertThat(camel.perRequestNanos()).isEqualTo(10_000_000);
    assertThat(camel.standard().base().media().audioInput()).isEqualTo(1_000_000);
    assertThat(model("openrouter", "caravan/camel-2").contextWindow()).isEqualTo(32_768);
  }

  @Test
  void a_price_that_begins_later_than_the_file_is_left_alone() throws IOException {
    String planned =
        Files.readString(models)
            .replace(
                "valid-from: 2024-10-01T00:00:00Z",
                "valid-from: 2024-10-01T00:00:00Z\n          valid-until: 2026-04-01")
            .replace(
                "          priority: {input: \"4.25\", output: \"17.00\"}\n",
                """
                          priority: {input: "4.25", output: "17.00"}
                        - version: april
                          valid-from: 2026-04-01
                          source: announced
                          checked: 2026-03-11
                          input: "2.25"
                          output: "9.00"
                """);
    Files.writeString(models, planned);

    assertThat(run("litellm.json", Set.of("gpt-4o"), true))
        .contains("# left alone: gpt-4o: its price april is newer than the file")
        .last()
        .isEqualTo("# nothing to write");
    assertThat(Files.readString(models)).isEqualTo(planned);
  }

  @Test
  void a_shape_that_it_does_not_know_is_not_written_to() throws IOException {
    String other =
        Files.readString(models).replace("- version: \"2024-10-01\"", "- version:  '2024-10-01' #");
    Files.writeString(models, other);

    assertThatThrownBy(() -> run("litellm.json", Set.of("gpt-4o"), true))
        .isInstanceOf(PriceFileException.class)
        .hasMessage("models.yaml has no line for price 2024-10-01 of gpt-4o.");
    assertThat(Files.readString(models)).isEqualTo(other);
  }

  @Test
  void what_would_not_be_usable_is_not_written() throws IOException {
    String broken =
        Files.readString(models)
            .replace(
                "valid-from: 2024-10-01T00:00:00Z",
                "valid-from: 2024-10-01T00:00:00Z\n          valid-until:\n          # open");
    Files.writeString(models, broken);

    assertThatThrownBy(() -> run("litellm.json", Set.of("gpt-4o"), true))
        .isInstanceOf(PriceFileException.class)
        .hasMessageStartingWith("models.yaml would not be usable: ");
    assertThat(Files.readString(models)).isEqualTo(broken);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no json", "[]", "{}", "{\"data\": [{\"id\": \"x\"}]}", "{\"a\": 1}"})
  void refuses_a_file_of_another_kind(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("prices.json"), text);

    assertThatThrownBy(() -> run(file, Set.of(), null)).isInstanceOf(PriceFileException.class);
  }

  @Test
  void refuses_a_file_that_is_not_there() {
    assertThatThrownBy(() -> run(folder.resolve("none.json"), Set.of(), null))
        .isInstanceOf(PriceFileException.class)
        .hasMessageEndingWith("none.json cannot be read.");
  }

  private List<String> run(String name, Set<String> only, boolean write) throws IOException {
    Path file = folder.resolve(name);
    if (Files.notExists(file)) {
      Files.copy(Path.of("src/test/resources/prices", name), file);
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-03-16T12:00:00Z")));
    }
    return run(file, only, write ? models : null);
  }

  private List<String> run(Path file, Set<String> only, @Nullable Path target) {
    List<String> lines = new ArrayList<>();
    new PriceImport(Configured.environment(Map.of(), models), "config")
        .run(file, only, target, lines::add);
    return lines;
  }

  private Model model(String provider, String id) {
    Catalog catalog = Catalog.from(Configured.environment(Map.of(), models), "config");
    return Objects.requireNonNull(catalog.model(provider, id));
  }

  private Price price(String provider, String id, Instant at) {
    return Objects.requireNonNull(model(provider, id).priceAt(at));
  }
}
