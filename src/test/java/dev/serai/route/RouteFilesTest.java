package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

class RouteFilesTest {

  private static final List<String> ENTRIES =
      List.of(
          "routes/",
          "routes/entries/",
          "routes/entries/one.camel.yaml",
          "routes/entries/two.camel.yaml",
          "routes/entries/notes.txt",
          "routes/a/",
          "routes/a/b/",
          "routes/a/b/deep.camel.yaml");

  @TempDir private Path folder;

  @Test
  void finds_the_routes_of_a_folder_in_a_jar() throws Exception {
    assertThat(found("classpath:routes/entries/*.camel.yaml"))
        .containsExactlyInAnyOrder(
            "classpath:routes/entries/one.camel.yaml", "classpath:routes/entries/two.camel.yaml");
  }

  @Test
  void finds_them_below_it_too() throws Exception {
    assertThat(found("classpath:routes/**/deep.camel.yaml"))
        .containsExactly("classpath:routes/a/b/deep.camel.yaml");
  }

  @Test
  void finds_nothing_where_there_is_no_folder() throws Exception {
    assertThat(found("classpath:nowhere/*.camel.yaml")).isEmpty();
  }

  /** The locations of what is there and can be read. */
  private List<String> found(String pattern) throws Exception {
    Path jar = folder.resolve("routes.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (String name : ENTRIES) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.UTF_8), 0, name.endsWith("/") ? 0 : name.length());
      }
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
        DefaultCamelContext context = new DefaultCamelContext();
        RouteFiles files = new RouteFiles(new PathMatchingResourcePatternResolver(loader))) {
      context.setApplicationContextClassLoader(loader);
      files.setCamelContext(context);
      List<String> locations = new ArrayList<>();
      for (Resource file : files.findResources(pattern)) {
        assertThat(file.getInputStream()).hasContent(file.getLocation().replace("classpath:", ""));
        locations.add(file.getLocation());
      }
      return locations;
    }
  }
}
