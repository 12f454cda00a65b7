package dev.serai.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.ledger.Account;
import dev.serai.ledger.GroupBy;
import dev.serai.ledger.Tally;
import dev.serai.ledger.UsageReport.Report;
import dev.serai.ledger.UsageSum;
import dev.serai.policy.Money;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A statement as it goes out. */
public final class StatementDocument {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> AMOUNTS =
      List.of(
          "requests",
          "input_tokens",
          "output_tokens",
          "cache_read_tokens",
          "cache_write_tokens",
          "reasoning_tokens",
          "cost_usd",
          "estimated",
          "estimated_usd",
          "unsettled",
          "unsettled_usd",
          "unpriced",
          "failed",
          "cache_hits",
          "saved_usd");

  private StatementDocument() {}

  /** Writes it down: JSON, or its lines as CSV. */
  public static UsageDocument of(Statement statement, boolean csv) {
    return csv
        ? new UsageDocument("text/csv", csv(statement).getBytes(StandardCharsets.UTF_8))
        : new UsageDocument("application/json", json(statement));
  }

  private static byte[] json(Statement statement) {
    ObjectNode root = JSON.createObjectNode();
    root.put("tenant", statement.tenant());
    root.put("month", statement.month().toString());
    root.put("time_zone", statement.zone().getId());
    root.put("status", statement.isFinal() ? "final" : "open");
    root.put("made_at", statement.madeAt().toString());
    root.put("under_way", statement.sums().lines().total().open());
    ArrayNode lines = root.putArray("lines");
    for (UsageSum line : statement.lines()) {
      ObjectNode node = lines.addObject();
      Statement.LINES.forEach(by -> node.put(by.label(), line.group().get(by)));
      amounts(node, line);
    }
    ArrayNode days = root.putArray("days");
    for (int i = 0; i < statement.sums().days().size(); i++) {
      ObjectNode node = days.addObject().put("day", statement.day(i).toString());
      amounts(node, statement.sums().days().get(i));
    }
    amounts(root.putObject("total"), statement.sums().lines());
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }

  /** Of all accounts, and what of it the platform pays for and what the tenant pays itself. */
  private static void amounts(ObjectNode node, Report report) {
    amounts(node, report.total());
    node.put("platform_usd", usd(Statement.paidBy(Account.PLATFORM, report)));
    node.put("own_usd", usd(Statement.paidBy(Account.TENANT, report)));
  }

  private static void amounts(ObjectNode node, UsageSum sum) {
    List<Object> values = values(sum);
    for (int i = 0; i < values.size(); i++) {
      switch (values.get(i)) {
        case Long number -> node.put(AMOUNTS.get(i), number);
        case Object text -> node.put(AMOUNTS.get(i), text.toString());
      }
    }
  }

  private static List<Object> values(UsageSum sum) {
    Tally calls = sum.calls();
    return List.of(
        calls.requests(),
        calls.inputTokens(),
        calls.outputTokens(),
        calls.cacheReadTokens(),
        calls.cacheWriteTokens(),
        calls.reasoningTokens(),
        usd(calls.costNanos()),
        calls.estimated(),
        usd(calls.estimatedNanos()),
        calls.unsettled(),
        usd(calls.unsettledNanos()),
        calls.unpriced(),
        calls.failed(),
        sum.cacheHits(),
        usd(sum.savedNanos()));
  }

  private static String csv(Statement statement) {
    StringBuilder out = new StringBuilder("tenant,month,status");
    Statement.LINES.forEach(by -> out.append(',').append(by.label()));
    out.append(',').append(String.join(",", AMOUNTS)).append("\r\n");
    for (UsageSum line : statement.lines()) {
      List<String> cells = new ArrayList<>();
      cells.add(UsageDocument.cell(statement.tenant()));
      cells.add(statement.month().toString());
      cells.add(statement.isFinal() ? "final" : "open");
      for (GroupBy by : Statement.LINES) {
        cells.add(UsageDocument.cell(line.group().get(by)));
      }
      values(line).forEach(value -> cells.add(value.toString()));
      out.append(String.join(",", cells)).append("\r\n");
    }
    return out.toString();
  }

  private static String usd(long nanos) {
    return Money.usd(nanos).toPlainString();
  }
}
