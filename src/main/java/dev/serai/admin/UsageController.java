package dev.serai.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.GroupBy;
import dev.serai.ledger.LedgerRows;
import dev.serai.ledger.UsageQuery;
import dev.serai.ledger.UsageReport;
import dev.serai.ledger.UsageReport.Report;
import dev.serai.ledger.UsageRow;
import dev.serai.ledger.UsageSum;
import dev.serai.policy.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was used and what it cost, out of the ledger. */
@RestController
@RequestMapping("/admin/v1/usage")
final class UsageController {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final UsageReport reports;
  private final LedgerRows rows;

  UsageController(UsageReport reports, LedgerRows rows) {
    this.reports = reports;
    this.rows = rows;
  }

  /**
   * Totals, grouped as asked; JSON, or CSV when that is what is accepted.
   *
   * @param from RFC 3339 time or date, inclusive
   * @param to RFC 3339 time or date, exclusive
   */
  @GetMapping
  ResponseEntity<byte[]> usage(
      @RequestParam(required = false) @Nullable String tenant,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(name = "group_by", defaultValue = "") List<String> groupBy,
      @RequestHeader(name = "Accept", defaultValue = "*/*") String accept)
      throws com.fasterxml.jackson.core.JsonProcessingException {
    List<GroupBy> groups = groups(groupBy);
    Report report =
        reports.read(new UsageQuery(tenant, time("from", from), time("to", to), groups));
    if (accept.contains("text/csv")) {
      return ResponseEntity.ok()
          .contentType(new MediaType("text", "csv"))
          .body(csv(groups, report).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    ObjectNode root = JSON.createObjectNode();
    ArrayNode data = root.putArray("data");
    report.rows().forEach(sum -> data.add(node(groups, sum)));
    root.set("total", node(List.of(), report.total()));
    return json(root);
  }

  /**
   * Single rows, the newest first, a page at a time: {@code next} is the cursor of the next page.
   */
  @GetMapping("/rows")
  ResponseEntity<byte[]> rows(
      @RequestParam(required = false) @Nullable String tenant,
      @RequestParam(name = "request_id", required = false) @Nullable String requestId,
      @RequestParam(required = false) @Nullable String model,
      @RequestParam(required = false) @Nullable String target,
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(required = false) @Nullable Long cursor,
      @RequestParam(defaultValue = "100") int limit)
      throws com.fasterxml.jackson.core.JsonProcessingException {
    LedgerRows.Page page =
        rows.read(
            new LedgerRows.Query(
                tenant,
                requestId,
                model,
                target,
                state,
                time("from", from),
                time("to", to),
                cursor,
                limit));
    ObjectNode root = JSON.createObjectNode();
    ArrayNode data = root.putArray("data");
    for (UsageRow row : page.rows()) {
      ObjectNode node = JSON.valueToTree(row);
      node.put("id", Long.toString(row.id()));
      node.put("cost_usd", row.costNanos() == null ? null : usd(row.costNanos()));
      Long theirs = row.providerCostNanos();
      node.put("provider_cost_usd", theirs == null ? null : usd(theirs));
      data.add(node);
    }
    root.put("next", page.next() == null ? null : Long.toString(page.next()));
    return json(root);
  }

  private static ResponseEntity<byte[]> json(JsonNode root)
      throws com.fasterxml.jackson.core.JsonProcessingException {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(JSON.writeValueAsBytes(root));
  }

  private static List<GroupBy> groups(List<String> names) {
    List<GroupBy> groups = new ArrayList<>();
    for (String name : names) {
      try {
        groups.add(GroupBy.of(name.strip()));
      } catch (IllegalArgumentException e) {
        throw new ApiException(
            ApiError.invalidRequest(
                "group_by takes tenant, model, provider, role, entry and day, with commas between.",
                "group_by",
                null));
      }
    }
    return groups;
  }

  private static @Nullable Instant time(String name, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ApiException(
          ApiError.invalidRequest(
              "Give " + name + " as 2026-01-31 or 2026-01-31T12:00:00Z.", name, null));
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
  private static String cell(@Nullable String text) {
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
