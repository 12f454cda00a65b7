package dev.serai.ledger;

import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The row that must be durable before a call that may be billed leaves. Texts that are too long for
 * their column are cut; characters that a database would refuse become {@code ?}. What is reserved
 * is always the estimate.
 *
 * @param id from {@link Ledger#nextId()}, taken just before
 * @param requestId the request that the attempt belongs to
 * @param attempt 1 for the first call of a request
 * @param tenantId who calls
 * @param keyId the gateway key that was presented; null where none was
 * @param account whose account at the provider pays
 * @param entry the way in: {@code http}, {@code file}, …
 * @param operation OpenTelemetry's {@code gen_ai.operation.name}: {@code chat}, {@code embeddings}
 * @param roleName the role asked for; null when a model was named
 * @param target the configured instance that is called
 * @param providerName OpenTelemetry's name of its provider
 * @param requestModel what the caller asked for
 * @param upstreamModel what is sent to the provider
 * @param promptVersion the caller's own label
 * @param streamed whether the answer comes as a stream
 * @param cacheState {@code miss}, {@code bypass}, …
 * @param estInputTokens estimated prompt tokens
 * @param estOutputTokens estimated completion tokens: what a row left open is charged with
 * @param estimate what they may cost at most
 * @param reservation the budget periods in which the estimate is reserved
 * @param createdAt when
 */
public record OpenRow(
    long id,
    String requestId,
    int attempt,
    String tenantId,
    @Nullable String keyId,
    Account account,
    String entry,
    String operation,
    @Nullable String roleName,
    String target,
    String providerName,
    @Nullable String requestModel,
    String upstreamModel,
    @Nullable String promptVersion,
    boolean streamed,
    @Nullable String cacheState,
    long estInputTokens,
    long estOutputTokens,
    Charge estimate,
    Reservation reservation,
    Instant createdAt)
    implements NamedValues {

  /** Makes every text fit. */
  public OpenRow {
    requestId = Text.required(requestId, 64);
    attempt = Math.clamp(attempt, 0, Short.MAX_VALUE);
    tenantId = Text.required(tenantId, 64);
    keyId = Text.clip(keyId, 64);
    entry = Text.required(entry, 32);
    operation = Text.required(operation, 64);
    roleName = Text.clip(roleName, 64);
    target = Text.required(target, 128);
    providerName = Text.required(providerName, 64);
    requestModel = Text.clip(requestModel, 255);
    upstreamModel = Text.required(upstreamModel, 255);
    promptVersion = Text.clip(promptVersion, 64);
    cacheState = Text.clip(cacheState, 16);
    if (reservation.any()) {
      Long nanos = estimate.nanos();
      reservation = new Reservation(reservation.periods(), nanos == null ? 0 : nanos);
    }
  }

  @Override
  public @Nullable Object value(String column) {
    return switch (column) {
      case "id" -> id;
      case "request_id" -> requestId;
      case "attempt" -> attempt;
      case "replica" -> RowIds.replicaOf(id);
      case "tenant_id" -> tenantId;
      case "key_id" -> keyId;
      case "account" -> account.label();
      case "entry" -> entry;
      case "operation" -> operation;
      case "role_name" -> roleName;
      case "target" -> target;
      case "provider_name" -> providerName;
      case "request_model" -> requestModel;
      case "upstream_model" -> upstreamModel;
      case "prompt_version" -> promptVersion;
      case "streamed" -> streamed;
      case "cache_state" -> cacheState;
      case "est_input_tokens" -> estInputTokens;
      case "est_output_tokens" -> estOutputTokens;
      case "est_cost_nanos" -> estimate.nanos();
      case "cost_state" -> estimateState().label();
      case "price_version" -> estimate.priceVersion();
      case "price_input_picos" -> estimate.inputPicos();
      case "price_output_picos" -> estimate.outputPicos();
      case "price_cache_read_picos" -> estimate.cacheReadPicos();
      case "price_cache_write_picos" -> estimate.cacheWritePicos();
      case "mark_up" -> estimate.markUp();
      case "net_cost_nanos" -> estimate.basis().netNanos();
      case "budgets" -> reservation.column();
      case "created_at" -> createdAt.atOffset(ZoneOffset.UTC);
      default -> throw new IllegalArgumentException("no column " + column);
    };
  }

  private CostState estimateState() {
    return estimate.nanos() == null ? CostState.UNPRICED : CostState.ESTIMATED;
  }
}
