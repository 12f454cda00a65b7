package dev.serai.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.serai.ledger.UsageEvent;
import dev.serai.policy.Money;
import java.math.BigDecimal;
import java.util.Map;

/**
 * A usage event as it goes out: the ledger's row in snake_case, without any content. Amounts are
 * decimal strings in USD; prices are USD per million tokens.
 */
public final class UsageEventDocument {

  private static final String NANOS = "_nanos";
  private static final String PICOS = "_picos";

  /** Pico-dollars per token, over this, are dollars per million tokens. */
  private static final int MILLION_DECIMALS = 6;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private UsageEventDocument() {}

  /** Writes an event down, on one line. */
  public static String of(UsageEvent event) {
    ObjectNode row = JSON.valueToTree(event.row());
    ObjectNode node = JSON.createObjectNode();
    node.put("event_id", event.id());
    node.put("revision", event.revision());
    for (Map.Entry<String, JsonNode> field : row.properties()) {
      add(node, field.getKey(), field.getValue());
    }
    node.put("id", Long.toString(event.row().id()));
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }

  private static void add(ObjectNode node, String name, JsonNode value) {
    if (name.endsWith(NANOS)) {
      String usd = value.isNull() ? null : Money.usd(value.longValue()).toPlainString();
      node.put(name.substring(0, name.length() - NANOS.length()) + "_usd", usd);
    } else if (name.endsWith(PICOS)) {
      String usd =
          value.isNull()
              ? null
              : BigDecimal.valueOf(value.longValue(), MILLION_DECIMALS)
                  .stripTrailingZeros()
                  .toPlainString();
      node.put(name.substring(0, name.length() - PICOS.length()) + "_usd_per_million", usd);
    } else {
      node.set(name, value);
    }
  }
}
