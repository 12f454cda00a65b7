package dev.serai.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.ledger.GroupBy;
import dev.serai.ledger.UsageReport.Report;
import dev.serai.ledger.UsageSum;
import dev.serai.policy.Money;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report as it goes out.
 *
 * @param contentType of the body
 * @param body JSON, or CSV as RFC 4180 has it, in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record UsageDocument(String contentType, byte[] body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes a report down, in the groups it was asked for. */
  public static UsageDocument of(Report report, List<GroupBy> groups, boolean csv) {
    return csv
        ? new UsageDocument("text/csv", csv(groups, report).getBytes(StandardCharsets.UTF_8))
        : new UsageDocument("application/json", json(groups, report));
  }

  private static byte[] json(List<GroupBy> groups, Report report) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode data = root.putArray("data");
    report.rows().forEach(sum -> data.add(node(groups, sum)));
    root.set("total", node(List.of(), report.total()));
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }

  private static ObjectNode node(List<GroupBy> groups, UsageSum sum) {
    ObjectNode node = JSON.createObjectNode();
    groups.forEach(group -> node.put(group.label(), sum.group().get(group)));
    node.put("requests", sum.requests());
    node.put("input_tokens", sum.inputTokens());
    node.put("output_tokens", sum.outputTokens());
    node.put("cost_usd", usd(sum.costNanos()));
    node.put("unpriced", sum.unpriced());
    node.put("cache_hits", sum.cacheHits());
    node.put("refused", sum.refused());
    node.put("saved_usd", usd(sum.savedNanos()));
    return node;
  }

  private static String csv(List<GroupBy> groups, Report report) {
    StringBuilder out = new StringBuilder();
    groups.forEach(group -> out.append(group.label()).append(','));
    out.append("requests,input_tokens,output_tokens,cost_usd,unpriced,cache_hits,refused\r\n");
    for (UsageSum sum : report.rows()) {
      groups.forEach(group -> out.append(cell(sum.group().get(group))).append(','));
      out.append(sum.requests())
          .append(',')
          .append(sum.inputTokens())
          .append(',')
          .append(sum.outputTokens())
          .append(',')
          .append(usd(sum.costNanos()))
          .append(',')
          .append(sum.unpriced())
          .append(',')
          .append(sum.cacheHits())
          .append(',')
          .append(sum.refused())
          .append("\r\n");
    }
    return out.toString();
  }

  /** RFC 4180 quoting, and no cell that a spreadsheet would take for a formula. */
  static String cell(@Nullable String text) {
    if (text == null) {
      return "";
    }
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }

  private static String usd(long nanos) {
    return Money.usd(nanos).toPlainString();
  }
}
