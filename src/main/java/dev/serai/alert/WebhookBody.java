package dev.serai.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Alert.Finding;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** An alert as the receivers of webhooks take it. */
final class WebhookBody {

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private WebhookBody() {}

  static byte[] of(Alert alert, AlertProperties.Format format) {
    ObjectNode body =
        switch (format) {
          case JSON -> full(alert);
          case SLACK -> JSON.createObjectNode().put("text", slack(alert.line()));
          case TEAMS -> card(alert);
        };
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree can always be written", e);
    }
  }

  /** The fields that Standard Webhooks recommends, and the one that Slack shows. */
  private static ObjectNode full(Alert alert) {
    Finding finding = alert.finding();
    ObjectNode body =
        JSON.createObjectNode()
            .put("text", slack(alert.line()))
            .put("type", "alert." + finding.kind().label())
            .put("timestamp", alert.firedAt().toString());
    ObjectNode data =
        body.putObject("data")
            .put("id", Long.toString(alert.id()))
            .put("kind", finding.kind().label())
            .put("subject", finding.subject())
            .put("period", finding.period())
            .put("period_start", finding.periodStart().toString())
            .put("threshold_percent", percent(finding))
            .put("message", finding.message());
    ObjectNode details = data.putObject("details");
    finding.details().forEach(details::put);
    return body;
  }

  private static @Nullable Integer percent(Finding finding) {
    return finding.threshold() == 0 ? null : (Integer) finding.threshold();
  }

  /** Its three characters that mean something, as Slack wants them written. */
  private static String slack(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static ObjectNode card(Alert alert) {
    ObjectNode message = JSON.createObjectNode().put("type", "message");
    ObjectNode attachment =
        message
            .putArray("attachments")
            .addObject()
            .put("contentType", "application/vnd.microsoft.card.adaptive")
            .putNull("contentUrl");
    ObjectNode card =
        attachment
            .putObject("content")
            .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
            .put("type", "AdaptiveCard")
            .put("version", "1.4");
    card.putArray("body")
        .add(block(alert.title()).put("weight", "Bolder"))
        .add(block(alert.line()));
    return message;
  }

  private static ObjectNode block(String text) {
    return JSON.createObjectNode().put("type", "TextBlock").put("text", text).put("wrap", true);
  }
}
