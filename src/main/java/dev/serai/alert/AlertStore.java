package dev.serai.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serai.alert.Alert.Finding;
import dev.serai.alert.Alert.Kind;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The alerts that were fired, in the database. */
final class AlertStore {

  /** The columns that {@link #alert} reads. */
  static final String COLUMNS =
      "id, message_id, kind, subject, period, period_start, threshold, message, details, fired_at";

  static final String WAITING = "waiting";

  private static final String SAME =
      " WHERE kind = :kind AND subject = :subject AND period = :period"
          + " AND period_start = :start AND threshold = :threshold AND period_id = :periodId"
          + " AND rearmed = 0";
  private static final int LONGEST_SUBJECT = 384;
  private static final int LONGEST_MESSAGE = 2000;
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<LinkedHashMap<String, String>> DETAILS =
      new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;
  private final Set<Channel> channels;

  /**
   * Of what budget period an alert is.
   *
   * @param period its id; a budget that is granted anew has another one
   * @param capNanos what may be spent in it
   */
  record Grant(long period, long capNanos) {
    /** Of none. */
    static final Grant NONE = new Grant(0, 0);
  }

  /**
   * Keeps alerts.
   *
   * @param channels those to which an alert goes that is fired here
   */
  AlertStore(JdbcClient jdbc, TransactionOperations transactions, Set<Channel> channels) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.channels = channels;
  }

  /**
   * Fires an alert, unless it was fired before by whomever; durable when this returns.
   *
   * @return whether it was fired now
   * @throws DataAccessException when the database cannot be used
   */
  boolean fire(Finding finding, Grant grant, Instant now) {
    if (fired(finding, grant)) {
      return false;
    }
    try {
      transactions.executeWithoutResult(status -> insert(finding, grant, now));
      return true;
    } catch (DuplicateKeyException e) {
      // Another replica fired it at the same moment.
      return false;
    }
  }

  /** Whether it was, by whomever. */
  boolean fired(Finding finding, Grant grant) {
    return !of(jdbc.sql("SELECT id FROM budget_alerts" + SAME), finding, grant)
        .query(Long.class)
        .list()
        .isEmpty();
  }

  /** How many of a kind were fired in a period that began at an instant. */
  int count(Kind kind, Instant start) {
    return jdbc.sql(
            "SELECT COUNT(*) FROM budget_alerts WHERE kind = :kind AND period_start = :start")
        .param("kind", kind.label())
        .param("start", start.atOffset(ZoneOffset.UTC))
        .query(Integer.class)
        .single();
  }

  /**
   * Lets alerts of a budget fire once more that a higher cap has made untrue.
   *
   * @param percent what is spent of the new cap; thresholds above it are passed no longer
   * @param lasts whether the budget lasts its period now
   */
  void rearm(String subject, Grant grant, long percent, boolean lasts) {
    jdbc.sql(
            "UPDATE budget_alerts SET rearmed = id WHERE subject = :subject"
                + " AND (kind = 'budget_threshold' AND threshold > :percent"
                + " OR kind = 'budget_forecast' AND :lasts)"
                + " AND kind IN ('budget_threshold', 'budget_forecast')"
                + " AND period_id = :periodId AND cap_nanos < :cap AND rearmed = 0")
        .param("subject", subject)
        .param("percent", percent)
        .param("lasts", lasts)
        .param("periodId", grant.period())
        .param("cap", grant.capNanos())
        .update();
  }

  private void insert(Finding finding, Grant grant, Instant now) {
    long id =
        Objects.requireNonNull(
            jdbc.sql("SELECT nextval('alert_numbers')").query(Long.class).single());
    of(
            jdbc.sql(
                "INSERT INTO budget_alerts ("
                    + COLUMNS
                    + ", period_id, cap_nanos, rearmed) VALUES (:id, :messageId, :kind, :subject,"
                    + " :period, :start, :threshold, :message, :details, :now, :periodId, :cap,"
                    + " 0)"),
            finding,
            grant)
        .param("cap", grant.capNanos())
        .param("id", id)
        .param("messageId", UUID.randomUUID().toString())
        .param("message", clip(finding.message(), LONGEST_MESSAGE))
        .param("details", json(finding.details()))
        .param("now", now.atOffset(ZoneOffset.UTC))
        .update();
    for (Channel channel : channels) {
      jdbc.sql(
              "INSERT INTO alert_deliveries (alert_id, channel, urgency, state, attempts, next_try)"
                  + " VALUES (:id, :channel, :urgency, :state, 0, :now)")
          .param("urgency", finding.kind().urgency())
          .param("id", id)
          .param("channel", channel.label())
          .param("state", WAITING)
          .param("now", now.atOffset(ZoneOffset.UTC))
          .update();
    }
  }

  private static JdbcClient.StatementSpec of(
      JdbcClient.StatementSpec sql, Finding finding, Grant grant) {
    return sql.param("kind", finding.kind().label())
        .param("periodId", grant.period())
        .param("subject", clip(finding.subject(), LONGEST_SUBJECT))
        .param("period", finding.period())
        .param("start", finding.periodStart().atOffset(ZoneOffset.UTC))
        .param("threshold", finding.threshold());
  }

  static Alert alert(ResultSet row) throws SQLException {
    return new Alert(
        row.getLong("id"),
        row.getString("message_id"),
        new Finding(
            Objects.requireNonNull(Kind.of(row.getString("kind"))),
            row.getString("subject"),
            row.getString("period"),
            row.getObject("period_start", OffsetDateTime.class).toInstant(),
            row.getInt("threshold"),
            row.getString("message"),
            details(row.getString("details"))),
        row.getObject("fired_at", OffsetDateTime.class).toInstant());
  }

  private static String clip(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest);
  }

  private static String json(Map<String, String> details) {
    try {
      return JSON.writeValueAsString(details);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("texts can always be written", e);
    }
  }

  private static Map<String, String> details(String json) {
    try {
      return JSON.readValue(json, DETAILS);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("an alert's details are not JSON", e);
    }
  }
}
