package dev.serai.ledger;

import dev.serai.catalog.UnitPrices;
import dev.serai.chat.Usage;
import java.time.Instant;

/** Rows as tests need them. */
final class Rows {
  static final UnitPrices UNIT = new UnitPrices(2_500_000, 10_000_000, 1_250_000, 0);
  static final Charge ESTIMATE = new Charge(1_000L, CostState.ESTIMATED, "2025-01", UNIT);

  private Rows() {}

  static OpenRow open(long id) {
    return open(id, "acme", "gpt-4o");
  }

  static OpenRow open(long id, String tenant, String model) {
    return open(id, tenant, model, ESTIMATE);
  }

  static OpenRow open(long id, String tenant, String model, Charge estimate) {
    return new OpenRow(
        id,
        "req-" + id,
        1,
        tenant,
        "key-1",
        Account.TENANT,
        "http",
        "chat",
        "rag",
        "openai-eu",
        "openai",
        "rag",
        model,
        "v1",
        false,
        "miss",
        120,
        80,
        estimate,
        RowIds.timeOf(id));
  }

  static Settlement settled(long id) {
    return settled(id, Instant.parse("2025-06-01T12:00:01.5Z"));
  }

  static Settlement settled(long id, Instant at) {
    return new Settlement(
        id,
        RowState.SETTLED,
        null,
        200,
        "gpt-4o-2024-08-06",
        "stop",
        new Usage(100, 50, 10, 0, 7, 740_000L, false),
        new Charge(737_500L, CostState.PRICED, "2025-02", UNIT),
        12_000L,
        345_678,
        at);
  }
}
