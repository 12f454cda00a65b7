package dev.serai.ledger;

import dev.serai.catalog.UnitPrices;
import dev.serai.chat.Usage;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    return open(id, tenant, "key-1", model, estimate, Reservation.NONE);
  }

  /** A call that may cost so many nano-dollars, of these budget periods. */
  static OpenRow open(long id, long estimate, long... periods) {
    List<Long> ids = Arrays.stream(periods).boxed().toList();
    return open(id, "acme", "key-1", estimate, Reservation.in(ids));
  }

  static OpenRow open(
      long id, String tenant, @Nullable String key, long estimate, Reservation reservation) {
    Charge charge = new Charge(estimate, CostState.ESTIMATED, "2025-01", UNIT);
    return open(id, tenant, key, "gpt-4o", charge, reservation);
  }

  static OpenRow open(
      long id, String tenant, String model, Charge estimate, Reservation reservation) {
    return open(id, tenant, "key-1", model, estimate, reservation);
  }

  private static OpenRow open(
      long id,
      String tenant,
      @Nullable String key,
      String model,
      Charge estimate,
      Reservation reservation) {
    return new OpenRow(
        id,
        "req-" + id,
        1,
        tenant,
        key,
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
        reservation,
        RowIds.timeOf(id));
  }

  static Settlement settled(long id) {
    return settled(id, Instant.parse("2025-06-01T12:00:01.5Z"));
  }

  /** It cost so many nano-dollars. */
  static Settlement settled(long id, long cost) {
    return ended(id, RowState.SETTLED, new Charge(cost, CostState.PRICED, "2025-02", UNIT));
  }

  /** It ended like that. */
  static Settlement ended(long id, RowState state, Charge charge) {
    return new Settlement(
        id,
        state,
        null,
        200,
        null,
        null,
        new Usage(1, 1, 0, 0, 0, null, false),
        charge,
        null,
        1,
        RowIds.timeOf(id));
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
