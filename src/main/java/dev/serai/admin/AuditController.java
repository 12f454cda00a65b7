package dev.serai.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.ledger.AuditRows;
import dev.serai.report.UsageRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows who changed what. */
@RestController
@RequestMapping("/admin/v1/audit")
final class AuditController {

  private static final int LONGEST = 255;

  private final AuditRows rows;

  AuditController(AuditRows rows) {
    this.rows = rows;
  }

  /**
   * Changes, the newest first, a page at a time: {@code next} is the cursor of the next page.
   *
   * @param kind such as {@code tenant}, {@code gateway_key}
   * @param from RFC 3339 time or date, inclusive
   * @param to RFC 3339 time or date, exclusive
   */
  @GetMapping
  ResponseEntity<byte[]> list(
      @RequestParam(required = false) @Nullable String subject,
      @RequestParam(required = false) @Nullable String kind,
      @RequestParam(required = false) @Nullable String actor,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(required = false) @Nullable Long cursor,
      @RequestParam(defaultValue = "100") int limit) {
    AuditRows.Page page =
        rows.read(
            new AuditRows.Query(
                text("subject", subject),
                text("kind", kind),
                text("actor", actor),
                UsageRequest.time("from", from),
                UsageRequest.time("to", to),
                cursor,
                limit));
    ObjectNode root = AdminJson.object();
    ArrayNode data = root.putArray("data");
    for (AuditRows.Row row : page.rows()) {
      ObjectNode node =
          data.addObject()
              .put("id", Long.toString(row.id()))
              .put("made_at", row.madeAt().toString())
              .put("actor", row.change().actor())
              .put("action", row.change().action())
              .put("kind", AuditRows.label(row.change().kind()))
              .put("subject", row.change().subject());
      node.set("before", tree(row.change().before()));
      node.set("after", tree(row.change().after()));
    }
    root.put("next", page.next() == null ? null : Long.toString(page.next()));
    return AdminJson.ok(root);
  }

  private static @Nullable String text(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (!AdminBody.plain(value, LONGEST)) {
      throw AdminBody.wrong(
          name, "Give %s as a text of 1 to %d characters.".formatted(name, LONGEST));
    }
    return value;
  }

  private static @Nullable JsonNode tree(@Nullable String json) {
    try {
      return json == null ? null : AdminJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(json);
    }
  }
}
