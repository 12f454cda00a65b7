package dev.serai.route;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.dialect.ErrorBody;
import dev.serai.ledger.LedgerUnavailableException;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The one place where exceptions become the contract's errors. */
@Component("fail")
final class Fail {

  /** Where the explained error waits for the entry to write it. */
  static final String ERROR = "seraiError";

  /** The database cannot be used. */
  static final ApiError LEDGER_AWAY =
      ApiError.noTarget(
          "The gateway cannot write its ledger now, and makes no call that it cannot account for:"
              + " try again after the time in Retry-After.",
          Duration.ofSeconds(5));

  private static final Logger LOG = LoggerFactory.getLogger(Fail.class);

  /** Says what the caller is told; the defects of our own are logged, without their message. */
  public void explain(Exchange exchange) {
    Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    ApiError error = error(caught);
    Call call = exchange.getVariable(Variables.CALL, Call.class);
    if (call != null) {
      call.error = error;
      call.answer = null;
    }
    exchange.setVariable(Variables.ERROR_TYPE, error.code() == null ? error.type() : error.code());
    if (error.status() == 500) {
      LOG.error(
          "internal error request={} class={} at={}",
          call == null ? "-" : call.requestId,
          caught == null ? "-" : caught.getClass().getName(),
          where(caught));
    }
    exchange.setProperty(ERROR, error);
  }

  private static ApiError error(Throwable caught) {
    for (Throwable t = caught; t != null; t = t.getCause()) {
      if (t instanceof ApiException known) {
        return known.error();
      }
      if (t instanceof LedgerUnavailableException) {
        return LEDGER_AWAY;
      }
    }
    return ApiError.internal(
        "The gateway failed; its log says more under the request id of this answer.");
  }

  private static String where(Throwable caught) {
    if (caught == null || caught.getStackTrace().length == 0) {
      return "-";
    }
    StringBuilder where = new StringBuilder();
    for (int i = 0; i < Math.min(6, caught.getStackTrace().length); i++) {
      where.append(i == 0 ? "" : " < ").append(caught.getStackTrace()[i]);
    }
    return where.toString();
  }

  /** The error as an HTTP reply. */
  public void writeHttp(Exchange exchange) {
    ApiError error = exchange.getProperty(ERROR, ApiError.class);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, error.status());
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    Call call = exchange.getVariable(Variables.CALL, Call.class);
    if (call != null && call.attempts > 0) {
      message.setHeader("x-serai-attempts", Integer.toString(call.attempts));
    }
    if (call != null) {
      RateHeaders.write(message, call);
    }
    if (error.retryAfter() != null) {
      message.setHeader("Retry-After", Long.toString(seconds(error.retryAfter())));
    }
    byte[] body = ErrorBody.json(error.message(), error.type(), error.param(), error.code());
    message.setHeader(Exchange.CONTENT_LENGTH, body.length);
    message.setBody(body);
  }

  private static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }
}
