package dev.serai.web;

import dev.serai.catalog.GatewayProperties;
import java.time.Duration;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * How Tomcat takes connections: its own errors in JSON, encoded slashes let through, and a client
 * that stops in the middle of a body waited for no longer than the body may take.
 */
@Component
final class Connections implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  /** A pause may last this part of the whole time, which is looked at when bytes come. */
  private static final int PAUSES = 3;

  private final Duration maxPause;

  Connections(GatewayProperties settings) {
    maxPause = settings.maxRequestTime().dividedBy(PAUSES);
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addConnectorCustomizers(this::customize);
    factory.addContextCustomizers(
        context -> {
          if (context.getParent() instanceof StandardHost host) {
            host.setErrorReportValveClass(JsonErrorValve.class.getName());
          }
        });
  }

  private void customize(Connector connector) {
    // Clients write the slash in a model's id as %2F.
    connector.setEncodedSolidusHandling("decode");
    // Whoever waits to be asked for the body is refused without it.
    connector.setProperty("continueResponseTiming", "onRead");
    connector.setProperty("disableUploadTimeout", "false");
    connector.setProperty(
        "connectionUploadTimeout", Long.toString(Math.max(1, maxPause.toMillis())));
  }
}
