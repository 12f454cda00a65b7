package dev.serai.build;

import dev.serai.build.RouteFile.Kind;
import dev.serai.build.RouteFile.Route;
import dev.serai.build.RouteFile.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Draws the routes as a Mermaid flowchart: a node for each, an edge for each way to go on. */
final class RoutePicture {
  private static final List<String> FOLDERS =
      List.of("entries", "pipeline", "providers", "accounting");

  /** Patterns worth seeing in a picture. */
  private static final Map<String, String> PATTERNS =
      Map.of(
          "throttle", "Throttle",
          "circuitBreaker", "Circuit Breaker",
          "loop", "Loop",
          "wireTap", "Wire Tap",
          "aggregate", "Aggregator",
          "doTry", "Try, Catch");

  private final List<RouteFile> files;
  private final StringBuilder out = new StringBuilder("flowchart LR\n");
  private final Set<String> edges = new LinkedHashSet<>();
  private final Map<String, String> outside = new LinkedHashMap<>();

  private RoutePicture(List<RouteFile> files) {
    this.files = files;
  }

  static String of(List<RouteFile> files) {
    return new RoutePicture(files).draw();
  }

  private String draw() {
    FOLDERS.forEach(this::folder);
    files.forEach(file -> file.routes().forEach(route -> edges(file, route)));
    outside.forEach((id, node) -> out.append("  ").append(node).append('\n'));
    edges.forEach(edge -> out.append("  ").append(edge).append('\n'));
    return out.toString();
  }

  private void folder(String folder) {
    out.append("  subgraph ").append(folder).append('\n');
    for (Route route : routes(folder).toList()) {
      List<String> lines = new ArrayList<>(List.of("<b>" + title(route) + "</b>"));
      lines.addAll(arrival(route));
      Stream<String> steps = route.allSteps().stream().map(Step::name).distinct();
      lines.addAll(steps.filter(PATTERNS::containsKey).map(PATTERNS::get).toList());
      if (route.allSteps().stream().anyMatch(step -> step.uri().startsWith("caffeine-"))) {
        lines.add("Caffeine");
      }
      out.append("    %s[\"%s\"]\n".formatted(node(route), String.join("<br/>", lines)));
    }
    out.append("  end\n");
  }

  private Stream<Route> routes(String folder) {
    return files.stream()
        .filter(file -> file.name().startsWith(folder + "/"))
        .flatMap(file -> file.routes().stream())
        .filter(route -> route.kind() != Kind.ROUTE_CONFIGURATION);
  }

  private void edges(RouteFile file, Route route) {
    if (route.kind() == Kind.ROUTE_CONFIGURATION) {
      return;
    }
    Object errors = route.source().get("routeConfigurationId");
    String folder = file.name().substring(0, file.name().indexOf('/'));
    if (errors != null && !targets("direct:" + errors).isEmpty() && !folder.equals("accounting")) {
      edges.add(folder + " -. any exception .-> " + node(errors.toString()));
    }
    List<Step> calls =
        route.allSteps().stream()
            .filter(step -> Set.of("to", "toD", "wireTap").contains(step.name()))
            .toList();
    boolean ordered = calls.size() > 3;
    for (int i = 0; i < calls.size(); i++) {
      String arrow =
          calls.get(i).name().equals("wireTap")
              ? " -. copy .-> "
              : ordered ? " -- " + (i + 1) + " --> " : " --> ";
      for (String target : targets(calls.get(i).uri())) {
        edges.add(node(route) + arrow + target);
      }
    }
  }

  /** Where a route's exchanges come from, when it is not another route. */
  private static List<String> arrival(Route route) {
    String from = route.from();
    String rest = from.substring(from.indexOf(':') + 1);
    return switch (from.substring(0, from.indexOf(':'))) {
      case "platform-http" -> List.of(method(route) + " " + rest);
      case "file" -> List.of(rest.substring(rest.lastIndexOf('/') + 1) + "/‹role›/*");
      case "timer" -> List.of("Timer");
      default -> route.kind() == Kind.ROUTE_TEMPLATE ? List.of(route.id()) : List.of();
    };
  }

  private static String method(Route route) {
    return route.source().get("from") instanceof Map<?, ?> from
            && from.get("parameters") instanceof Map<?, ?> parameters
            && parameters.get("httpMethodRestrict") != null
        ? parameters.get("httpMethodRestrict").toString()
        : "";
  }

  /** The nodes that an address leads to; one that is known only at run time may lead to several. */
  private List<String> targets(String uri) {
    if (uri.startsWith("direct:provider-$")) {
      return List.of("providers");
    }
    String scheme = uri.substring(0, uri.indexOf(':'));
    return switch (scheme) {
      case "direct", "seda" ->
          FOLDERS.stream()
              .flatMap(this::routes)
              .filter(route -> leadsTo(uri, route))
              .map(RoutePicture::node)
              .toList();
      case "upstream", "aws-bedrock" -> List.of(outside("provider", "([\"the provider\"])"));
      case "sql", "jdbc" -> List.of(outside("database", "[(\"llm_usage\")]"));
      case "caffeine-loadcache" -> List.of();
      default -> List.of(outside(scheme, "([\"" + scheme + "\"])"));
    };
  }

  private String outside(String id, String shape) {
    outside.put(id, id + shape);
    return id;
  }

  /** {@code direct:call-…} leads to the templates that call behind a breaker. */
  private static boolean leadsTo(String uri, Route route) {
    boolean template = route.kind() == Kind.ROUTE_TEMPLATE;
    if (uri.startsWith("direct:call-{")) {
      return template && route.allSteps().stream().anyMatch(s -> s.name().equals("circuitBreaker"));
    }
    if (uri.startsWith("direct:converse-{")) {
      return template && route.id().equals("bedrock-converse");
    }
    return route.from().equals(uri);
  }

  private static String title(Route route) {
    return route.kind() == Kind.ROUTE_TEMPLATE ? "provider-‹id›" : route.id();
  }

  private static String node(Route route) {
    return node(route.id() + (route.kind() == Kind.ROUTE_TEMPLATE ? "_template" : ""));
  }

  private static String node(String id) {
    return id.replace('-', '_');
  }
}
