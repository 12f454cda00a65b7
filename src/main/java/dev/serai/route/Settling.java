package dev.serai.route;

import dev.serai.alert.Alert;
import dev.serai.alert.Alerts;
import dev.serai.chat.Usage;
import dev.serai.ledger.CostState;
import dev.serai.ledger.Ledger;
import dev.serai.ledger.RowState;
import dev.serai.ledger.Settlement;
import dev.serai.policy.Money;
import dev.serai.telemetry.LogText;
import dev.serai.telemetry.Meters;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Ends attempts: what a call used is in the journal when these methods return, and only then may
 * the last byte of the answer go out. The settle route carries it on to the ledger.
 */
@Component("settling")
final class Settling {

  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

  /** One warning for each model is enough, and callers may make up any number of them. */
  private static final int MOST_WARNINGS = 1000;

  private record Unpriced(String target, String model) {}

  private final Ledger ledger;
  private final Meters meters;
  private final TargetStates states;
  private final CostCheck costCheck;
  private final Alerts alerts;
  private final Clock clock;
  private final CamelContext camel;
  private final Set<Unpriced> warned = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ProducerTemplate template;

  Settling(
      Ledger ledger,
      Meters meters,
      TargetStates states,
      CostCheck costCheck,
      Alerts alerts,
      Clock clock,
      CamelContext camel) {
    this.ledger = ledger;
    this.meters = meters;
    this.states = states;
    this.costCheck = costCheck;
    this.alerts = alerts;
    this.clock = clock;
    this.camel = camel;
  }

  /** Ends an attempt; null when it had no row or was ended before. */
  @Nullable Settlement settle(
      Attempt attempt,
      RowState state,
      @Nullable String errorType,
      @Nullable Integer httpStatus,
      @Nullable String responseModel,
      List<String> finishReasons,
      Usage usage) {
    boolean tenants = Payers.tenants(attempt, errorType);
    meters.attempt(
        attempt.target.id(),
        errorType == null ? "answered" : tenants ? "tenant_" + errorType : errorType);
    if (!tenants) {
      states.ended(attempt.target.id(), errorType);
    }
    Settlement settlement =
        attempt.settle(state, errorType, httpStatus, responseModel, finishReasons, usage, clock);
    if (settlement == null) {
      return null;
    }
    attempt.release(usage, state != RowState.NOT_SENT);
    if (settlement.charge().state() == CostState.UNPRICED && !usage.equals(Usage.NONE)) {
      unpriced(attempt);
    }
    costCheck.look(attempt, settlement);
    ledger.settled(settlement);
    return settlement;
  }

  private void unpriced(Attempt attempt) {
    meters.unpriced(attempt.target.id());
    alerts.raise(
        Alert.Kind.UNPRICED_MODEL, attempt.target.id() + "/" + attempt.target.modelId(), Map.of());
    Unpriced name = new Unpriced(attempt.target.id(), attempt.target.modelId());
    if (!warned.contains(name) && warned.size() < MOST_WARNINGS && warned.add(name)) {
      LOG.warn(
          "no price target={} model={}: its calls are recorded without a cost; add the model to"
              + " config/models.yaml",
          attempt.target.id(),
          LogText.safe(attempt.target.modelId()));
    }
  }

  /** Sends a settlement into the settle route from outside any exchange: the end of a stream. */
  void publish(Call call, Settlement settlement) {
    ProducerTemplate sender = template;
    if (sender == null) {
      sender = camel.createProducerTemplate();
      template = sender;
    }
    sender.send(
        "direct:settle",
        exchange -> {
          exchange.setVariable(Variables.CALL, call);
          exchange.setVariable(Variables.REQUEST_ID, call.requestId);
          exchange.setVariable(Variables.TENANT_ID, call.tenant().id());
          exchange.setVariable(Variables.SETTLEMENT, settlement);
        });
  }

  /**
   * Makes of a tapped exchange the event that accounting gets: the settlement, and its names and
   * numbers under OpenTelemetry's names; never the answer.
   */
  public void tap(Exchange exchange) {
    Attempt attempt = Call.of(exchange).attempt();
    Settlement settlement = exchange.getVariable(Variables.SETTLEMENT, Settlement.class);
    exchange.getMessage().setBody(settlement);
    exchange.removeVariable(Variables.CALL);
    exchange.removeVariable(Variables.SETTLEMENT);
    Usage usage = settlement.usage();
    exchange.setVariable(Variables.PROVIDER_NAME, attempt.target.provider().providerName());
    exchange.setVariable(Variables.INPUT_TOKENS, usage.inputTokens());
    exchange.setVariable(Variables.OUTPUT_TOKENS, usage.outputTokens());
    exchange.setVariable(Variables.CACHE_READ_INPUT_TOKENS, usage.cacheReadInputTokens());
    exchange.setVariable(Variables.CACHE_WRITE_INPUT_TOKENS, usage.cacheWriteInputTokens());
    exchange.setVariable(Variables.REASONING_TOKENS, usage.reasoningTokens());
    set(exchange, Variables.RESPONSE_MODEL, settlement.responseModel());
    set(exchange, Variables.FINISH_REASONS, settlement.finishReasons());
    set(exchange, Variables.ERROR_TYPE, settlement.errorType());
    Long nanos = settlement.charge().nanos();
    set(exchange, Variables.COST, nanos == null ? null : Money.usd(nanos));
  }

  private static void set(Exchange exchange, String name, @Nullable Object value) {
    if (value != null) {
      exchange.setVariable(name, value);
    }
  }
}
