package dev.serai.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Alert;
import dev.serai.alert.Alert.Finding;
import dev.serai.alert.AlertRows;
import dev.serai.report.UsageRequest;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows what operators were told. */
@RestController
@RequestMapping("/admin/v1/alerts")
final class AlertController {

  private static final int LONGEST_SUBJECT = 384;

  private final AlertRows rows;

  AlertController(AlertRows rows) {
    this.rows = rows;
  }

  /**
   * Alerts, the newest first, a page at a time: {@code next} is the cursor of the next page.
   *
   * @param subject such as {@code tenant/acme}, {@code openai/gpt-4o}
   * @param kind such as {@code budget_threshold}
   * @param from RFC 3339 time or date, inclusive
   * @param to RFC 3339 time or date, exclusive
   */
  @GetMapping
  ResponseEntity<byte[]> list(
      @RequestParam(required = false) @Nullable String subject,
      @RequestParam(required = false) @Nullable String kind,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(required = false) @Nullable Long cursor,
      @RequestParam(defaultValue = "100") int limit) {
    AlertRows.Page page =
        rows.read(
            new AlertRows.Query(
                subject(subject),
                kind(kind),
                UsageRequest.time("from", from),
                UsageRequest.time("to", to),
                cursor,
                limit));
    ObjectNode root = AdminJson.object();
    ArrayNode data = root.putArray("data");
    page.rows().forEach(row -> put(data.addObject(), row));
    root.put("next", page.next() == null ? null : Long.toString(page.next()));
    return AdminJson.ok(root);
  }

  private static void put(ObjectNode node, AlertRows.Row row) {
    Alert alert = row.alert();
    Finding finding = alert.finding();
    node.put("id", Long.toString(alert.id()))
        .put("kind", finding.kind().label())
        .put("subject", finding.subject())
        .put("period", finding.period())
        .put("period_start", finding.periodStart().toString())
        .put("threshold_percent", finding.threshold() == 0 ? null : (Integer) finding.threshold())
        .put("message", finding.message())
        .put("fired_at", alert.firedAt().toString());
    ObjectNode details = node.putObject("details");
    finding.details().forEach(details::put);
    node.set("deliveries", AdminJson.MAPPER.valueToTree(row.deliveries()));
  }

  private static @Nullable String subject(@Nullable String value) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (!AdminBody.plain(value, LONGEST_SUBJECT)) {
      throw AdminBody.wrong(
          "subject", "Give subject as a text of 1 to %d characters.".formatted(LONGEST_SUBJECT));
    }
    return value;
  }

  private static @Nullable String kind(@Nullable String value) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (Alert.Kind.of(value) == null) {
      throw AdminBody.wrong(
          "kind",
          Arrays.stream(Alert.Kind.values())
              .map(Alert.Kind::label)
              .collect(Collectors.joining(", ", "Give kind as one of ", ".")));
    }
    return value;
  }
}
