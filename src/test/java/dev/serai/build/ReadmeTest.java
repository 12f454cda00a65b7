package dev.serai.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.serai.admin.AdminProperties;
import dev.serai.alert.AlertProperties;
import dev.serai.budget.BudgetProperties;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.GatewayProperties;
import dev.serai.ledger.LedgerSettings;
import dev.serai.ledger.OutageSettings;
import dev.serai.ledger.ReconciliationSettings;
import dev.serai.ledger.SinkSettings;
import dev.serai.oidc.OidcProperties;
import dev.serai.secret.SecretSettings;
import dev.serai.tenant.ConfiguredTenants;
import dev.serai.tenant.TenantProperties;
import dev.serai.tenant.credential.CredentialSettings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What the documentation says is so. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Path OPERATIONS = Path.of("docs", "operations.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)\\s]*)?\\)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");
  private static final Pattern LISTED = Pattern.compile("(?m)^([A-Z][A-Z0-9_]*)=");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
  private static final Pattern SETTING =
      Pattern.compile("(?m)^\\| `(serai\\.[a-z.-]+)` \\|([^|]*)\\|");

  @Test
  void the_commands_are_there() throws IOException {
    assertThat(Files.readString(README))
        .contains("$ mvn spring-boot:run\n", "$ mvn verify\n", "$ curl -i http://127.0.0.1:8080/");
  }

  @Test
  void every_yaml_block_parses() throws IOException {
    List<String> blocks = new ArrayList<>();
    for (Path page : pages()) {
      blocks.addAll(yaml(page));
    }

    assertThat(blocks).hasSizeGreaterThan(1).allSatisfy(ReadmeTest::parse);
  }

  @Test
  void the_configuration_in_the_readme_is_accepted() throws IOException {
    for (Path page : List.of(README, OPERATIONS)) {
      StandardEnvironment environment = packagedWith(yaml(page));

      assertThatCode(() -> Catalog.from(environment, "config")).doesNotThrowAnyException();
      ConfiguredTenants tenants =
          ConfiguredTenants.of(
              Binder.get(environment).bindOrCreate("serai", TenantProperties.class));
      assertThat(tenants.tenant("acme")).as("the tenant of %s", page).isNotNull();
    }
  }

  @Test
  void every_link_leads_somewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      for (MatchResult link : matches(LINK, Files.readString(page))) {
        boolean outside = URI.create(link.group(1)).isAbsolute();
        if (!outside && !Files.exists(page.resolveSibling(link.group(1)))) {
          broken.add(page + ": " + link.group(1));
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  @Test
  void every_test_that_is_named_exists() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
        sources.put(String.valueOf(file.getFileName()), Files.readString(file));
      }
    }
    List<MatchResult> named = TEST.matcher(Files.readString(README)).results().toList();

    assertThat(named).hasSizeGreaterThan(20);
    for (MatchResult test : named) {
      assertThat(sources.getOrDefault(test.group(1) + ".java", ""))
          .as(test.group())
          .contains("void " + test.group(2) + "(");
    }
  }

  @Test
  void every_setting_is_described_with_its_default() throws IOException {
    Map<String, String> settings = new TreeMap<>();
    settings("serai", GatewayProperties.class, settings);
    for (String name : List.of("patience", "inputMargin", "unpriced")) {
      settings.put("serai.budgets." + kebab(name), defaultOf(BudgetProperties.class, name));
    }
    settings("serai.ledger", LedgerSettings.class, settings);
    settings("serai.ledger", OutageSettings.class, settings);
    settings("serai.ledger", ReconciliationSettings.class, settings);
    settings("serai.accounting", SinkSettings.class, settings);
    settings("serai.secrets", SecretSettings.class, settings);
    settings("serai.admin", AdminProperties.class, settings);
    settings("serai.alerts", AlertProperties.class, settings);
    settings("serai.oidc", OidcProperties.class, settings);
    settings("serai.credentials", CredentialSettings.class, settings);
    Map<String, String> described = new TreeMap<>();
    String text = Files.readString(OPERATIONS);
    String table = text.substring(text.indexOf("## Settings"), text.indexOf("### Providers"));
    for (MatchResult row : matches(SETTING, table)) {
      described.put(row.group(1), row.group(2).replace("`", "").strip());
    }

    assertThat(described).isEqualTo(settings);
  }

  @Test
  void the_template_lists_every_variable_that_the_configuration_reads() throws IOException {
    Set<String> read = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("config"))) {
      for (Path file : files.toList()) {
        matches(VARIABLE, Files.readString(file)).forEach(match -> read.add(match.group(1)));
      }
    }
    Set<String> listed = new TreeSet<>();
    matches(LISTED, Files.readString(Path.of(".env.template")))
        .forEach(match -> listed.add(match.group(1)));

    assertThat(read).hasSizeGreaterThan(10);
    assertThat(listed).containsAll(read);
  }

  /** Names and defaults of a settings record, nested ones included. */
  private static void settings(String prefix, Class<?> type, Map<String, String> found) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "." + kebab(component.getName());
      if (component.getType().isRecord()) {
        settings(name, component.getType(), found);
      } else {
        found.put(name, defaultOf(type, component.getName()));
      }
    }
  }

  private static String defaultOf(Class<?> type, String component) {
    return Stream.of(type.getDeclaredConstructors()[0].getParameters())
        .filter(parameter -> parameter.getName().equals(component))
        .map(parameter -> parameter.getAnnotation(DefaultValue.class))
        .map(value -> value == null || value.value().length == 0 ? "" : value.value()[0])
        .findFirst()
        .orElseThrow();
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static StandardEnvironment packagedWith(List<String> blocks) throws IOException {
    StandardEnvironment environment = new StandardEnvironment();
    for (String yaml : blocks) {
      String name = "block " + yaml.hashCode();
      add(environment, name, new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
    }
    for (String file : List.of("providers", "models", "roles", "tenants")) {
      add(environment, file, new FileSystemResource("config/" + file + ".yaml"));
    }
    return environment;
  }

  private static void add(StandardEnvironment environment, String name, Resource resource)
      throws IOException {
    new YamlPropertySourceLoader()
        .load(name, resource)
        .forEach(environment.getPropertySources()::addLast);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(
              Stream.of(README, Path.of("CHANGELOG.md")),
              docs.filter(page -> page.toString().endsWith(".md")))
          .toList();
    }
  }

  private static List<String> yaml(Path page) throws IOException {
    return matches(BLOCK, Files.readString(page)).stream().map(block -> block.group(1)).toList();
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static void parse(String block) {
    Object parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(block);
    assertThat(parsed).as(block).isInstanceOf(Map.class);
  }
}
