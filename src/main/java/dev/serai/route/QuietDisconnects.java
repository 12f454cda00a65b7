package dev.serai.route;

import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in one line that an answer could not be written. */
final class QuietDisconnects implements ExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(QuietDisconnects.class);

  @Override
  public void handleException(Throwable exception) {
    LOG.debug("client left class={}", exception.getClass().getSimpleName());
  }

  @Override
  public void handleException(String message, Throwable exception) {
    handleException(exception);
  }

  @Override
  public void handleException(
      @Nullable String message, @Nullable Exchange exchange, Throwable exception) {
    handleException(exception);
  }
}
