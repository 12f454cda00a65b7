package dev.serai.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.build.RouteFile.Kind;
import dev.serai.build.RouteFile.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The picture of the routes is drawn from the routes; a change of one must show in the other. */
class RoutePictureTest {
  private static final boolean WRITE = Boolean.getBoolean("routes.write");
  private static final String BEGIN = "<!-- routes: begin -->\n";
  private static final String END = "<!-- routes: end -->\n";
  private static final String COMMAND =
      "not current; run mvn test -Dtest=RoutePictureTest -Droutes.write=true";

  @Test
  void the_page_of_the_routes_is_current() throws IOException {
    Path file = Path.of("docs", "routes.md");
    String page = page(RouteFile.all());
    if (WRITE) {
      Files.writeString(file, page);
    }

    assertThat(file).as(COMMAND).hasContent(page);
  }

  @Test
  void the_picture_in_the_readme_is_current() throws IOException {
    Path file = Path.of("README.md");
    String before = Files.readString(file);
    String after = before(before) + BEGIN + picture(RouteFile.all()) + END + after(before);
    if (WRITE) {
      Files.writeString(file, after);
    }

    assertThat(Files.readString(file)).as(COMMAND).isEqualTo(after);
  }

  @Test
  void every_route_is_in_the_picture() {
    List<RouteFile> files = RouteFile.all();

    assertThat(picture(files))
        .contains(
            files.stream()
                .flatMap(file -> file.routes().stream())
                .filter(route -> route.kind() != Kind.ROUTE_CONFIGURATION)
                .map(Route::id)
                .toList());
  }

  @Test
  void a_new_step_changes_the_picture() {
    String text = "- route: {id: a, from: {uri: 'direct:a', steps: [%s]}}\n";
    RouteFile without = RouteFile.parse("pipeline/x", text.formatted(""));
    RouteFile with = RouteFile.parse("pipeline/x", text.formatted("{to: {uri: 'direct:a'}}"));

    assertThat(picture(List.of(with))).isNotEqualTo(picture(List.of(without))).contains("a --> a");
  }

  private static String picture(List<RouteFile> files) {
    return "```mermaid\n" + RoutePicture.of(files) + "```\n";
  }

  private static String page(List<RouteFile> files) {
    StringBuilder page =
        new StringBuilder(
            """
            # The routes

            Drawn from `routes/` by `RoutePictureTest`, which fails when this page is not current.

            """);
    page.append(picture(files));
    for (RouteFile file : files) {
      page.append("\n## routes/").append(file.name()).append("\n\n| id | |\n|---|---|\n");
      for (Route route : file.routes()) {
        page.append("| `%s` | %s%s |\n".formatted(route.id(), kind(route), route.description()));
      }
    }
    return page.toString();
  }

  private static String kind(Route route) {
    return switch (route.kind()) {
      case ROUTE -> "";
      case ROUTE_TEMPLATE -> "(template) ";
      case ROUTE_CONFIGURATION -> "(configuration) ";
    };
  }

  private static String before(String readme) {
    assertThat(readme).contains(BEGIN).contains(END);
    return readme.substring(0, readme.indexOf(BEGIN));
  }

  private static String after(String readme) {
    return readme.substring(readme.indexOf(END) + END.length());
  }
}
