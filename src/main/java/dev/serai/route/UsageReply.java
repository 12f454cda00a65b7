package dev.serai.route;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.UsageQuery;
import dev.serai.ledger.UsageReport;
import dev.serai.report.UsageDocument;
import dev.serai.report.UsageRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Tells a tenant what it has used, and of nobody else. */
@Component("usageReply")
final class UsageReply {

  /** Reports at the same time, over all tenants: calls need the database too. */
  private static final int AT_ONCE = 3;

  private final UsageReport reports;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  UsageReply(UsageReport reports) {
    this.reports = reports;
  }

  /**
   * What is asked.
   *
   * @param ofTenant whether a tenant is named
   * @param usage all else
   */
  record Question(boolean ofTenant, UsageRequest usage) {}

  /** The sums of the tenant that calls. */
  public void show(Exchange exchange) {
    if (!(exchange.getMessage().getBody() instanceof Question question)) {
      throw new IllegalStateException("the entry asks a question");
    }
    if (question.ofTenant()) {
      throw new ApiException(
          ApiError.invalidRequest(
              "This is always the usage of the key's own tenant: leave tenant out.",
              "tenant",
              null));
    }
    String tenant = Call.of(exchange).tenant().id();
    UsageDocument document = read(question.usage(), tenant);
    Message message = exchange.getMessage();
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    message.setHeader(Exchange.CONTENT_TYPE, document.contentType());
    message.setHeader(Exchange.CONTENT_LENGTH, document.body().length);
    message.setBody(document.body());
  }

  private UsageDocument read(UsageRequest request, String tenant) {
    UsageQuery query = request.query(tenant);
    if (busy.size() >= AT_ONCE || !busy.add(tenant)) {
      throw new ApiException(
          ApiError.rateLimited(
              "Another usage report is being made: try again after the time in Retry-After.",
              null));
    }
    try {
      return UsageDocument.of(reports.read(query), query.groupBy(), request.csv());
    } catch (DataAccessException e) {
      throw new ApiException(Fail.LEDGER_AWAY);
    } finally {
      busy.remove(tenant);
    }
  }
}
