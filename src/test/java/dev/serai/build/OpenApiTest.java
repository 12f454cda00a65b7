package dev.serai.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.build.RouteFile.Route;
import dev.serai.chat.ApiError;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The document of the HTTP contract describes what is there, and nothing else. */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FILE = Path.of("src", "main", "resources", "openapi.yaml");

  /** Those that no factory of {@link ApiError} has a method for. */
  private static final Set<String> FURTHER_CODES =
      Set.of(
          "400 bad_request",
          "400 empty_body",
          "400 invalid_json",
          "406 not_acceptable",
          "408 request_timeout",
          "409 already_exists",
          "409 in_progress",
          "409 not_rotatable");

  private final JsonNode document = read();

  private static JsonNode read() {
    try {
      LoaderOptions options = new LoaderOptions();
      options.setAllowDuplicateKeys(false);
      return JSON.valueToTree(new Yaml(new SafeConstructor(options)).load(Files.readString(FILE)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void it_is_openapi() throws IOException {
    JsonNode rules =
        JSON.readTree(Path.of("src", "test", "resources", "openapi", "schema-3.1.json").toFile());
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(rules);

    assertThat(schema.validate(document)).isEmpty();
  }

  @Test
  void every_reference_leads_somewhere_and_every_component_is_used() {
    Set<String> used = new TreeSet<>();
    document.findValuesAsText("$ref").forEach(used::add);
    Set<String> there = new TreeSet<>();
    document
        .path("components")
        .properties()
        .forEach(
            kind ->
                kind.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        name -> there.add("#/components/" + kind.getKey() + "/" + name)));
    there.removeIf(name -> name.contains("/securitySchemes/"));

    assertThat(used).isEqualTo(there);
  }

  @Test
  void describes_every_operation_and_no_other() throws ClassNotFoundException {
    Set<String> there = new TreeSet<>(controllers());
    there.addAll(routes());
    Set<String> described = new TreeSet<>(operations().keySet());

    assertThat(described).isEqualTo(there).hasSizeGreaterThan(10);
  }

  @Test
  void says_of_every_operation_what_it_needs_and_what_goes_wrong() {
    operations()
        .forEach(
            (name, operation) -> {
              boolean open = name.endsWith("/health");
              String scheme = name.contains(" /admin/") ? "adminKey" : "gatewayKey";
              assertThat(operation.path("security").toString())
                  .as(name)
                  .isEqualTo(open ? "[]" : "[{\"%s\":[]}]".formatted(scheme));
              Set<String> statuses = new TreeSet<>();
              operation.path("responses").fieldNames().forEachRemaining(statuses::add);
              assertThat(statuses).as(name).contains("405");
              if (!open) {
                assertThat(statuses).as(name).contains("401", "404", "429", "500", "503");
              }
            });
    assertThat(operations().values())
        .extracting(operation -> operation.path("operationId").asText())
        .doesNotHaveDuplicates();
  }

  @Test
  void describes_every_error_and_no_other() throws ReflectiveOperationException {
    Set<String> described = new TreeSet<>();
    for (Map.Entry<String, JsonNode> response :
        document.path("components").path("responses").properties()) {
      String status = statusOf(response.getKey());
      for (JsonNode example : response.getValue().at("/content/application~1json/examples")) {
        JsonNode error = example.at("/value/error");
        if (error.path("code").isTextual()) {
          described.add(status + " " + error.path("code").asText());
        }
      }
    }
    Set<String> there = new TreeSet<>(FURTHER_CODES);
    for (ApiError error : factories()) {
      if (error.code() != null) {
        there.add(error.status() + " " + error.code());
      }
    }

    assertThat(described).isEqualTo(there);
  }

  /** The one status under which all operations have this response. */
  private String statusOf(String name) {
    String reference = "#/components/responses/" + name;
    Set<String> statuses =
        operations().values().stream()
            .flatMap(operation -> operation.path("responses").properties().stream())
            .filter(each -> each.getValue().path("$ref").asText().equals(reference))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    assertThat(statuses).as(name).hasSize(1);
    return statuses.iterator().next();
  }

  private static List<ApiError> factories() throws ReflectiveOperationException {
    List<ApiError> errors = new ArrayList<>();
    for (Method method : ApiError.class.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && Modifier.isStatic(method.getModifiers())
          && method.getReturnType() == ApiError.class) {
        Object[] arguments = new Object[method.getParameterCount()];
        arguments[0] = "message";
        for (int i = 1; i < arguments.length; i++) {
          arguments[i] = method.getParameterTypes()[i] == Duration.class ? Duration.ZERO : null;
        }
        errors.add((ApiError) method.invoke(null, arguments));
      }
    }
    return errors;
  }

  /** By method and path, with the names of path variables left out. */
  private Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          if (operation.getValue().has("operationId")) {
                            operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT)
                                    + " "
                                    + plain(path.getKey()),
                                operation.getValue());
                          }
                        }));
    return operations;
  }

  private static String plain(String path) {
    return path.replaceAll("\\{[^}]*}", "{}");
  }

  private static Set<String> controllers() throws ClassNotFoundException {
    Set<String> found = new TreeSet<>();
    for (BeanDefinition bean :
        new ClassPathScanningCandidateComponentProvider(true)
            .findCandidateComponents("dev.serai.admin")) {
      Class<?> type = Class.forName(bean.getBeanClassName());
      RequestMapping all = AnnotatedElementUtils.findMergedAnnotation(type, RequestMapping.class);
      for (Method method : type.getDeclaredMethods()) {
        RequestMapping one =
            AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
        if (one != null) {
          String base = all == null ? "" : all.path()[0];
          String more = one.path().length == 0 ? "" : one.path()[0];
          for (RequestMethod verb : one.method()) {
            found.add(verb + " " + plain(base + more));
          }
        }
      }
    }
    return found;
  }

  /** A route that takes all below its path takes an id there, and a list of them may be above. */
  private static Set<String> routes() {
    Set<String> found = new TreeSet<>();
    for (RouteFile file : RouteFile.all()) {
      for (Route route : file.routes()) {
        if (!route.from().startsWith("platform-http:")) {
          continue;
        }
        String path = route.from().substring("platform-http:".length());
        Map<?, ?> from = (Map<?, ?>) route.source().get("from");
        Map<?, ?> parameters = (Map<?, ?>) from.get("parameters");
        boolean below = Boolean.TRUE.equals(parameters.get("matchOnUriPrefix"));
        for (String verb : parameters.get("httpMethodRestrict").toString().split(",", -1)) {
          if (!below || path.equals("/v1/models")) {
            found.add(verb + " " + path);
          }
          if (below) {
            found.add(verb + " " + path + "/{}");
          }
        }
      }
    }
    return found;
  }
}
