package dev.serai.route;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.scan.DefaultPackageScanResourceResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.support.ResourcePatternResolver;

/**
 * Finds the packaged routes by the jar's table of contents. Camel's own finder unpacks the jar, and
 * every jar in it, from the first byte to the last for each folder of routes.
 */
final class RouteFiles extends DefaultPackageScanResourceResolver {

  private final ResourcePatternResolver classpath;

  RouteFiles(ResourcePatternResolver classpath) {
    this.classpath = classpath;
  }

  @Override
  protected void findInClasspath(
      String folder, Set<Resource> found, String pattern, @Nullable Predicate<String> wanted) {
    String root = folder.endsWith("/") ? folder : folder + "/";
    try {
      for (org.springframework.core.io.Resource file :
          classpath.getResources("classpath:" + root + pattern)) {
        String url = file.getURL().toString();
        String path = url.substring(url.lastIndexOf(root));
        if (wanted == null || wanted.test(path)) {
          found.add(
              ResourceHelper.resolveMandatoryResource(getCamelContext(), "classpath:" + path));
        }
      }
    } catch (FileNotFoundException none) {
      // No such folder: Camel says so, with the pattern.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
