package dev.serai.route;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.springframework.stereotype.Component;

/** Nothing of a request becomes a message header; of a reply's headers only these go out. */
@Component("headerRules")
final class HeaderRules implements HeaderFilterStrategy {

  private static final Set<String> OUT = Set.of("cache-control", "content-length", "retry-after");

  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !lower.startsWith("x-serai-")
        && !lower.startsWith("x-ratelimit-")
        && !OUT.contains(lower);
  }

  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    return true;
  }
}
