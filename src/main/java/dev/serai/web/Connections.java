package dev.serai.web;

import dev.serai.catalog.GatewayProperties;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * How Jetty takes connections: its own errors in JSON, encoded slashes let through, and a client
 * that stops in the middle of a body waited for no longer than the body may take.
 */
@Component
final class Connections implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

  /** A pause may last this part of the whole time, which is looked at when bytes come. */
  private static final int PAUSES = 3;

  /** How many connections may wait to be taken: the kernel drops what comes on top of them. */
  private static final int BACKLOG = 1000;

  /** Bytes; an open stream keeps one, and what is larger goes past it. */
  private static final int OUTPUT_BUFFER = 4096;

  /** How long a connection may wait for its next request. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  private final Duration maxPause;

  Connections(GatewayProperties settings) {
    maxPause = settings.maxRequestTime().dividedBy(PAUSES);
  }

  @Override
  public void customize(JettyServletWebServerFactory factory) {
    factory.addServerCustomizers(this::customize);
  }

  private void customize(Server server) {
    server.setErrorHandler(new JsonErrors());
    for (ServerConnector connector : server.getBeans(ServerConnector.class)) {
      connector.setAcceptQueueSize(BACKLOG);
      connector.setIdleTimeout(KEEP_ALIVE.toMillis());
      customize(connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration());
    }
    for (ServletContextHandler context : server.getDescendants(ServletContextHandler.class)) {
      context.getServletHandler().setDecodeAmbiguousURIs(true);
    }
  }

  private void customize(HttpConfiguration http) {
    http.setIdleTimeout(Math.max(1, maxPause.toMillis()));
    http.setOutputBufferSize(OUTPUT_BUFFER);
    // Clients write the slash in a model's id as %2F.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "encoded-slash", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
  }
}
