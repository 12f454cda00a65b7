package dev.serai.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A route file as it is written.
 *
 * @param name below {@code routes/}
 */
record RouteFile(String name, String text, List<RouteFile.Route> routes) {

  /** What stands at the root of a file. */
  enum Kind {
    ROUTE,
    ROUTE_TEMPLATE,
    ROUTE_CONFIGURATION
  }

  /** One step; {@code body} is what stands below its name. */
  record Step(String name, Object body, List<List<Step>> branches) {
    /** An option of the step itself or of its endpoint; empty when it has none. */
    String option(String key) {
      return body instanceof Map<?, ?> map && map.get(key) != null ? map.get(key).toString() : "";
    }

    String uri() {
      return body instanceof String uri ? uri : option("uri");
    }
  }

  /** A route, a template or a configuration of routes; {@code source} is all that is written. */
  record Route(
      Kind kind, String id, String description, String from, List<Step> steps, Map<?, ?> source) {

    /** All steps, also nested ones, with how deep they are: 0 for those of the route itself. */
    void walk(BiConsumer<Step, Integer> visitor) {
      walk(steps, 0, visitor);
    }

    List<Step> allSteps() {
      List<Step> all = new ArrayList<>();
      walk((step, depth) -> all.add(step));
      return all;
    }

    private static void walk(List<Step> steps, int depth, BiConsumer<Step, Integer> visitor) {
      for (Step step : steps) {
        visitor.accept(step, depth);
        step.branches.forEach(branch -> walk(branch, depth + 1, visitor));
      }
    }
  }

  /** Every file below {@code routes/}, in the order of a listing. */
  static List<RouteFile> all() {
    Path root = Path.of("routes");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".camel.yaml"))
          .sorted()
          .map(file -> read(root.relativize(file).toString(), file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RouteFile read(String name, Path file) {
    try {
      return parse(name, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RouteFile parse(String name, String text) {
    Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    List<Route> routes = new ArrayList<>();
    for (Object entry : (List<?>) root) {
      Map.Entry<?, ?> only = ((Map<?, ?>) entry).entrySet().iterator().next();
      routes.add(route(only.getKey().toString(), (Map<?, ?>) only.getValue()));
    }
    return new RouteFile(name, text, routes);
  }

  private static Route route(String key, Map<?, ?> source) {
    Kind kind =
        switch (key) {
          case "route" -> Kind.ROUTE;
          case "routeTemplate" -> Kind.ROUTE_TEMPLATE;
          case "routeConfiguration" -> Kind.ROUTE_CONFIGURATION;
          default -> throw new IllegalArgumentException("not expected in a route file: " + key);
        };
    Map<?, ?> inner = kind == Kind.ROUTE_TEMPLATE ? (Map<?, ?>) source.get("route") : source;
    Map<?, ?> from = inner.get("from") instanceof Map<?, ?> map ? map : Map.of();
    return new Route(
        kind,
        text(source, "id"),
        text(source, "description"),
        text(from, "uri"),
        kind == Kind.ROUTE_CONFIGURATION ? handlers(source) : steps(from),
        source);
  }

  /** What a configuration does with exceptions. */
  private static List<Step> handlers(Map<?, ?> configuration) {
    return configuration.get("onException") instanceof List<?> list
        ? list.stream().map(each -> step((Map<?, ?>) each)).toList()
        : List.of();
  }

  private static List<Step> steps(Object parent) {
    return parent instanceof Map<?, ?> map && map.get("steps") instanceof List<?> list
        ? list.stream().map(each -> step((Map<?, ?>) each)).toList()
        : List.of();
  }

  private static Step step(Map<?, ?> source) {
    Map.Entry<?, ?> only = source.entrySet().iterator().next();
    List<List<Step>> branches = new ArrayList<>();
    if (only.getValue() instanceof Map<?, ?> body) {
      branches.add(steps(body));
      body.values().stream()
          .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.of(value))
          .map(RouteFile::steps)
          .forEach(branches::add);
    }
    branches.removeIf(List::isEmpty);
    return new Step(only.getKey().toString(), Objects.requireNonNull(only.getValue()), branches);
  }

  private static String text(Map<?, ?> map, String key) {
    return map.get(key) == null ? "" : map.get(key).toString();
  }
}
