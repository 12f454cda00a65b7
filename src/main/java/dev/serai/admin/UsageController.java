package dev.serai.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.CostState;
import dev.serai.ledger.LedgerRows;
import dev.serai.ledger.RowState;
import dev.serai.ledger.UsageQuery;
import dev.serai.ledger.UsageReport;
import dev.serai.ledger.UsageRow;
import dev.serai.policy.Money;
import dev.serai.report.UsageDocument;
import dev.serai.report.UsageRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
      @RequestHeader(name = "Accept", defaultValue = "*/*") String accept) {
    UsageRequest request = new UsageRequest(from, to, groupBy, accept);
    UsageQuery query = request.query(tenant);
    UsageDocument document = UsageDocument.of(reports.read(query), query.groupBy(), request.csv());
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(document.contentType()))
        .body(document.body());
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
      @RequestParam(name = "cost_state", required = false) @Nullable String costState,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(required = false) @Nullable Long cursor,
      @RequestParam(defaultValue = "100") int limit) {
    LedgerRows.Page page =
        rows.read(
            new LedgerRows.Query(
                tenant,
                requestId,
                model,
                target,
                oneOf("state", state, Arrays.stream(RowState.values()).map(RowState::label)),
                oneOf(
                    "cost_state",
                    costState,
                    Arrays.stream(CostState.values()).map(CostState::label)),
                UsageRequest.time("from", from),
                UsageRequest.time("to", to),
                cursor,
                limit));
    ObjectNode root = AdminJson.object();
    ArrayNode data = root.putArray("data");
    for (UsageRow row : page.rows()) {
      ObjectNode node = AdminJson.MAPPER.valueToTree(row);
      node.put("id", Long.toString(row.id()));
      node.put("cost_usd", row.costNanos() == null ? null : usd(row.costNanos()));
      Long net = row.netCostNanos();
      node.put("net_cost_usd", net == null ? null : usd(net));
      Long theirs = row.providerCostNanos();
      node.put("provider_cost_usd", theirs == null ? null : usd(theirs));
      data.add(node);
    }
    root.put("next", page.next() == null ? null : Long.toString(page.next()));
    return AdminJson.ok(root);
  }

  private static @Nullable String oneOf(String name, @Nullable String value, Stream<String> there) {
    List<String> values = there.toList();
    if (value != null && !values.contains(value)) {
      throw new ApiException(
          ApiError.invalidRequest(
              name + " takes one of: " + String.join(", ", values) + ".", name, null));
    }
    return value;
  }

  private static String usd(long nanos) {
    return Money.usd(nanos).toPlainString();
  }
}
