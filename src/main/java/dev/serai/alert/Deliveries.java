package dev.serai.alert;

import dev.serai.telemetry.Meters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What is to be delivered, channel by channel. Several replicas may ask at once: each locks what it
 * takes and passes over what another has locked.
 */
public final class Deliveries {

  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

  /** Most that are taken at once; with timeouts of ten seconds they are done within the lease. */
  private static final int MOST = 10;

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** Nothing is put off for so long: it was, by a clock that was ahead. */
  private static final Duration TOO_FAR = Duration.ofHours(2);

  private static final Duration GIVE_UP = Duration.ofDays(1);
  private static final int LONGEST_ERROR = 200;

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;
  private final Meters meters;
  private final Clock clock;
  private final DatabaseWatch database = new DatabaseWatch("alerts are not delivered");

  private record Due(long alert, int attempts) {}

  Deliveries(JdbcClient jdbc, TransactionOperations transactions, Meters meters, Clock clock) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Takes what is due, budgets first and then the oldest; for five minutes no other replica gets
   * it. Nothing while the database is away.
   */
  public List<Delivery> claim(Channel channel) {
    return database.ask(
        () ->
            Objects.requireNonNullElse(
                transactions.execute(status -> take(channel)), List.<Delivery>of()),
        List.of());
  }

  private List<Delivery> take(Channel channel) {
    Instant now = clock.instant();
    List<Due> due =
        jdbc.sql(
                "SELECT alert_id, attempts FROM alert_deliveries WHERE channel = :channel"
                    + " AND (next_try <= :now OR next_try > :ahead)"
                    + " ORDER BY urgency, alert_id LIMIT "
                    + MOST
                    + " FOR UPDATE SKIP LOCKED")
            .param("channel", channel.label())
            .param("now", utc(now))
            .param("ahead", utc(now.plus(TOO_FAR)))
            .query((row, number) -> new Due(row.getLong(1), row.getInt(2)))
            .list();
    List<Delivery> taken = new ArrayList<>();
    for (Due each : due) {
      int attempt = each.attempts + 1;
      jdbc.sql(
              "UPDATE alert_deliveries SET attempts = :attempt, next_try = :next"
                  + " WHERE alert_id = :alert AND channel = :channel")
          .param("attempt", attempt)
          .param("next", utc(now.plus(LEASE)))
          .param("alert", each.alert)
          .param("channel", channel.label())
          .update();
      taken.add(new Delivery(alert(each.alert), channel, attempt));
    }
    return taken;
  }

  private Alert alert(long id) {
    return jdbc.sql("SELECT " + AlertStore.COLUMNS + " FROM budget_alerts WHERE id = :id")
        .param("id", id)
        .query((row, number) -> AlertStore.alert(row))
        .single();
  }

  /** It got there, and is not delivered again. */
  public void delivered(Delivery delivery) {
    meters.alertDelivery(delivery.channel().label(), "delivered");
    database.ask(
        () ->
            jdbc.sql(
                    "UPDATE alert_deliveries SET state = 'delivered', next_try = NULL,"
                        + " delivered_at = :now, error = NULL"
                        + " WHERE alert_id = :alert AND channel = :channel")
                .param("now", utc(clock.instant()))
                .param("alert", delivery.alert().id())
                .param("channel", delivery.channel().label())
                .update(),
        0);
  }

  /**
   * It did not get there: it is tried again after 10 seconds, then after twice as long each time up
   * to an hour, and given up when the alert is a day old.
   *
   * @param reason why, without any secret
   */
  public void failed(Delivery delivery, String reason) {
    meters.alertDelivery(delivery.channel().label(), "failed");
    Instant now = clock.instant();
    boolean over = !now.isBefore(delivery.alert().firedAt().plus(GIVE_UP));
    String error = reason.length() > LONGEST_ERROR ? reason.substring(0, LONGEST_ERROR) : reason;
    int changed =
        database.ask(
            () ->
                jdbc.sql(
                        "UPDATE alert_deliveries SET state = :state, next_try = :next,"
                            + " error = :error WHERE alert_id = :alert AND channel = :channel"
                            + " AND attempts = :attempt AND state = 'waiting'")
                    .param("state", over ? "failed" : AlertStore.WAITING)
                    .param(
                        "next",
                        over ? null : utc(now.plus(pause(delivery.attempt()))),
                        java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                    .param("error", error)
                    .param("alert", delivery.alert().id())
                    .param("channel", delivery.channel().label())
                    .param("attempt", delivery.attempt())
                    .update(),
            0);
    if (changed == 1) {
      say(delivery, error, over);
    }
  }

  private static void say(Delivery delivery, String error, boolean over) {
    if (over) {
      LOG.error(
          "alert {} did not get out by {} within a day and is given up after {} attempts ({}):"
              + " mend serai.alerts.{}; the alert was: {}",
          delivery.alert().id(),
          delivery.channel().label(),
          delivery.attempt(),
          error,
          delivery.channel().label(),
          delivery.alert().line());
    } else if (delivery.attempt() == 1) {
      LOG.warn(
          "alert {} does not get out by {} ({}): it is tried again for a day",
          delivery.alert().id(),
          delivery.channel().label(),
          error);
    }
  }

  static Duration pause(int attempt) {
    int doublings = Math.min(attempt - 1, 20);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
