package dev.serai.route;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.StatementSums;
import dev.serai.ledger.UsageQuery;
import dev.serai.ledger.UsageReport;
import dev.serai.report.Statement;
import dev.serai.report.StatementDocument;
import dev.serai.report.UsageDocument;
import dev.serai.report.UsageRequest;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Tells a tenant what it has used, and of nobody else. */
@Component("usageReply")
final class UsageReply {

  /** Reports at the same time, over all tenants: calls need the database too. */
  private static final int AT_ONCE = 3;

  private final UsageReport reports;
  private final StatementSums statements;
  private final Clock clock;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  UsageReply(UsageReport reports, StatementSums statements, Clock clock) {
    this.reports = reports;
    this.statements = statements;
    this.clock = clock;
  }

  /**
   * What is asked.
   *
   * @param ofTenant whether a tenant is named
   * @param usage all else
   */
  record Question(boolean ofTenant, UsageRequest usage) {}

  /**
   * Which statement is asked for.
   *
   * @param ofTenant whether a tenant is named
   * @param month as it stands in the path
   * @param zone as it stands in the parameters
   * @param csv whether the answer is to be CSV
   */
  record StatementQuestion(boolean ofTenant, String month, @Nullable String zone, boolean csv) {}

  /** The sums of the tenant that calls. */
  public void show(Exchange exchange) {
    if (!(exchange.getMessage().getBody() instanceof Question question)) {
      throw new IllegalStateException("the entry asks a question");
    }
    refuse(question.ofTenant());
    UsageRequest request = question.usage();
    String tenant = Call.of(exchange).tenant().id();
    UsageQuery query = request.query(tenant);
    answer(
        exchange,
        read(tenant, () -> UsageDocument.of(reports.read(query), query.groupBy(), request.csv())));
  }

  /** A statement of the tenant that calls. */
  public void state(Exchange exchange) {
    if (!(exchange.getMessage().getBody() instanceof StatementQuestion question)) {
      throw new IllegalStateException("the entry asks a question");
    }
    refuse(question.ofTenant());
    String tenant = Call.of(exchange).tenant().id();
    answer(
        exchange,
        read(
            tenant,
            () ->
                StatementDocument.of(
                    Statement.of(
                        statements, tenant, question.month(), question.zone(), clock.instant()),
                    question.csv())));
  }

  private static void refuse(boolean ofTenant) {
    if (ofTenant) {
      throw new ApiException(
          ApiError.invalidRequest(
              "This is always the usage of the key's own tenant: leave tenant out.",
              "tenant",
              null));
    }
  }

  private static void answer(Exchange exchange, UsageDocument document) {
    Message message = exchange.getMessage();
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    message.setHeader(Exchange.CONTENT_TYPE, document.contentType());
    message.setHeader(Exchange.CONTENT_LENGTH, document.body().length);
    message.setBody(document.body());
  }

  private UsageDocument read(String tenant, Supplier<UsageDocument> report) {
    if (busy.size() >= AT_ONCE || !busy.add(tenant)) {
      throw new ApiException(
          ApiError.rateLimited(
              "Another usage report is being made: try again after the time in Retry-After.",
              null));
    }
    try {
      return report.get();
    } catch (DataAccessException | TransactionException e) {
      throw new ApiException(Fail.LEDGER_AWAY);
    } finally {
      busy.remove(tenant);
    }
  }
}
