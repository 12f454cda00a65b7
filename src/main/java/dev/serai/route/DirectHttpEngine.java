package dev.serai.route;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a request to its end on the virtual thread that the web server gave it. The engine of the
 * starter hands it to another thread and has the servlet dispatched a second time when that is
 * done, which costs a tenth of the whole request and can end in a second answer to an error.
 */
final class DirectHttpEngine implements PlatformHttpEngine {

  private static final Logger LOG = LoggerFactory.getLogger(DirectHttpEngine.class);

  private final int port;

  DirectHttpEngine(int port) {
    this.port = port;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new DirectConsumer(endpoint, processor);
  }

  @Override
  public int getServerPort() {
    return port;
  }

  private static final class DirectConsumer extends SpringBootPlatformHttpConsumer {
    DirectConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
      super(endpoint, processor, Runnable::run);
    }

    /** Null tells Spring MVC that the answer has been written. */
    @Override
    public @Nullable CompletableFuture<Void> service(
        HttpServletRequest request, HttpServletResponse response) {
      try {
        handleService(request, response);
      } catch (Exception e) {
        LOG.error("request failed class={}", e.getClass().getName());
        fail(response);
      }
      return null;
    }

    private static void fail(HttpServletResponse response) {
      try {
        if (!response.isCommitted()) {
          response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
      } catch (IOException e) {
        LOG.debug("client left class={}", e.getClass().getSimpleName());
      }
    }
  }
}
