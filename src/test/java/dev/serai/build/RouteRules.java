package dev.serai.build;

import dev.serai.build.RouteFile.Kind;
import dev.serai.build.RouteFile.Route;
import dev.serai.build.RouteFile.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a route file has to be like; every problem is one line that says where and what. */
final class RouteRules {
  static final int MAX_LINES = 140;
  static final int MAX_STEPS = 12;
  static final int MAX_DEPTH = 2;

  private static final Pattern SENTENCE = Pattern.compile("[A-Z][a-z]+s\\b[^.]{3,118}");
  private static final Pattern VARIABLE = Pattern.compile("variable\\.([A-Za-z]\\w*)");
  private static final Set<String> NAMES_A_VARIABLE =
      Set.of("variableReceive", "variableSend", "variable");
  private static final Pattern INSIDE =
      Pattern.compile("(direct|caffeine-loadcache|caffeine-cache):.+");

  private final Set<String> variables;
  private final Map<String, Class<?>> beans;
  private final List<String> problems = new ArrayList<>();

  private RouteRules(Set<String> variables, Map<String, Class<?>> beans) {
    this.variables = variables;
    this.beans = beans;
  }

  /** Looks at files together, because routes name each other across them. */
  static List<String> problems(
      List<RouteFile> files, Set<String> variables, Map<String, Class<?>> beans) {
    RouteRules rules = new RouteRules(variables, beans);
    files.forEach(rules::file);
    rules.addresses(files);
    return rules.problems;
  }

  private void file(RouteFile file) {
    long lines = file.text().lines().count();
    if (lines > MAX_LINES) {
      problems.add(file.name() + ": " + lines + " lines, more than " + MAX_LINES);
    }
    for (Route route : file.routes()) {
      String where = file.name() + ": " + (route.id().isEmpty() ? "a route" : route.id());
      name(where, route);
      size(where, route);
      if (file.name().startsWith("pipeline/")) {
        inside(where, route);
      }
      scalars(where, "", route.source());
    }
  }

  private void name(String where, Route route) {
    if (route.id().isEmpty()) {
      problems.add(where + " has no id");
    }
    sentence(where, route.description());
    if (route.kind() == Kind.ROUTE_TEMPLATE) {
      Object instance = ((Map<?, ?>) route.source().get("route")).get("description");
      sentence(where + ", its instances", instance == null ? "" : instance.toString());
    }
    boolean direct = route.kind() == Kind.ROUTE && route.from().startsWith("direct:");
    if (direct && !route.from().equals("direct:" + route.id())) {
      problems.add(where + " listens on " + route.from() + ": call both the same");
    }
  }

  private void sentence(String where, String description) {
    if (description.isEmpty()) {
      problems.add(where + " has no description");
    } else if (!SENTENCE.matcher(description).matches()) {
      problems.add(where + ": its description is not one sentence that begins with a verb");
    }
  }

  private void size(String where, Route route) {
    int steps = route.allSteps().size();
    if (steps > MAX_STEPS) {
      problems.add(where + " has " + steps + " steps, more than " + MAX_STEPS);
    }
    route.walk(
        (step, depth) -> {
          if (depth > MAX_DEPTH) {
            problems.add(where + ": " + step.name() + " is nested too deep; make it a direct:");
          }
        });
  }

  private void inside(String where, Route route) {
    uris(route)
        .filter(uri -> !INSIDE.matcher(uri).matches())
        .forEach(
            uri ->
                problems.add(where + ": " + uri + " belongs into an entry, provider or account"));
  }

  private void scalars(String where, String key, Object node) {
    switch (node) {
      case Map<?, ?> map -> {
        bean(where, map);
        map.forEach((name, value) -> scalars(where, name.toString(), value));
      }
      case List<?> list -> list.forEach(each -> scalars(where, key, each));
      case null -> {}
      default -> scalar(where, key, node.toString());
    }
  }

  private void scalar(String where, String key, String value) {
    Matcher names = VARIABLE.matcher(value);
    while (names.find()) {
      variable(where, names.group(1));
    }
    if (NAMES_A_VARIABLE.contains(key)) {
      variable(where, value);
    }
    if (value.startsWith("#bean:")) {
      known(where, value.substring("#bean:".length()));
    } else if (key.equals("executorService")) {
      known(where, value);
    }
    if (key.equals("uri") && value.contains("?")) {
      problems.add(where + ": " + value + ": options belong under parameters");
    }
  }

  /**
   * {@code bean: {ref, method}}, {@code setVariable: {name}} and {@code variable: {expression}}.
   */
  private void bean(String where, Map<?, ?> map) {
    if (map.get("bean") instanceof Map<?, ?> bean && bean.get("ref") != null) {
      String ref = bean.get("ref").toString();
      Class<?> type = known(where, ref);
      Object method = bean.get("method");
      if (method == null) {
        problems.add(where + ": bean " + ref + " without a method");
      } else if (type != null
          && Stream.of(type.getMethods()).noneMatch(each -> each.getName().equals(method))) {
        problems.add(where + ": " + ref + " has no public method " + method);
      }
    }
    for (String step : List.of("setVariable", "removeVariable")) {
      if (map.get(step) instanceof Map<?, ?> variable && variable.get("name") != null) {
        variable(where, variable.get("name").toString());
      }
    }
    if (map.get("variable") instanceof Map<?, ?> variable && variable.get("expression") != null) {
      variable(where, variable.get("expression").toString());
    }
  }

  private void variable(String where, String name) {
    if (!variables.contains(name)) {
      problems.add(where + ": " + name + " is not among the variables of Variables.java");
    }
  }

  private Class<?> known(String where, String bean) {
    Class<?> type = beans.get(bean);
    if (type == null) {
      problems.add(where + ": there is no bean " + bean);
    }
    return type;
  }

  private void addresses(List<RouteFile> files) {
    List<Route> routes = files.stream().flatMap(file -> file.routes().stream()).toList();
    Set<String> there = routes.stream().map(Route::from).collect(Collectors.toSet());
    Set<String> templates =
        routes.stream()
            .filter(route -> route.kind() == Kind.ROUTE_TEMPLATE)
            .map(Route::id)
            .collect(Collectors.toSet());
    for (Route route : routes) {
      uris(route)
          .filter(uri -> uri.startsWith("direct:") || uri.startsWith("seda:"))
          .filter(uri -> uri.contains("{") ? templates.isEmpty() : !there.contains(uri))
          .forEach(uri -> problems.add(route.id() + ": nobody listens on " + uri));
    }
    duplicates(routes.stream().map(route -> route.kind() + " " + route.id()).toList());
  }

  private void duplicates(Collection<String> ids) {
    ids.stream()
        .collect(Collectors.groupingBy(id -> id, Collectors.counting()))
        .forEach(
            (id, count) -> {
              if (count > 1) {
                problems.add(id + " is there " + count + " times");
              }
            });
  }

  private static Stream<String> uris(Route route) {
    return route.allSteps().stream()
        .filter(step -> Set.of("to", "toD", "wireTap").contains(step.name()))
        .map(Step::uri);
  }
}
