package dev.serai.route;

import dev.serai.budget.BudgetProperties;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.Model;
import dev.serai.catalog.Role;
import dev.serai.catalog.Target;
import dev.serai.catalog.Terms;
import dev.serai.chat.Extras;
import dev.serai.chat.ServiceTier;
import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.egress.PromptTokens;
import dev.serai.ledger.Account;
import dev.serai.policy.TokenCounter;
import dev.serai.policy.UpperBound.Demand;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reckons what calls may use and cost before they are made. */
@Component
final class Estimates {

  /** What an estimate reckons with when nothing says how long an answer may be. */
  private static final long DEFAULT_OUTPUT_TOKENS = 4096;

  private static final long MOST_OUTPUT_TOKENS = 10_000_000;

  private final Catalog catalog;
  private final TokenCounter counter;
  private final Funds funds;
  private final int margin;
  private final Clock clock;

  Estimates(
      Catalog catalog, TokenCounter counter, Funds funds, BudgetProperties settings, Clock clock) {
    this.catalog = catalog;
    this.counter = counter;
    this.funds = funds;
    this.margin = settings.inputMarginHundredths();
    this.clock = clock;
  }

  /** Of a call's next attempt, were it made at that target; of embeddings, with as much input. */
  Estimate of(Call call, Target target, Payer payer) {
    return call.parts == null
        ? chat(call, target, payer)
        : embeddings(call, target, payer, call.attempt().estimate.inputTokens());
  }

  /** Of a chat. */
  Estimate chat(Call call, Target target, Payer payer) {
    ChatRequest request = call.chat();
    boolean hard = funds.hard(call, target, payer);
    long input = inputTokens(call, request, target);
    long each = outputTokens(call, target, hard);
    long output = each * request.choices();
    Long files = PromptTokens.ofFiles(request, window(target));
    Demand demand =
        new Demand(
            input + PromptTokens.uncounted(request, target.modelId()) + (files == null ? 0 : files),
            PromptTokens.atMost(request, target.modelId(), counter),
            output,
            request.extras());
    Pricing pricing = pricing(call, target, payer);
    return new Estimate(
        input,
        output,
        hard ? (Long) each : null,
        files != null,
        request.extras().serviceTier(),
        pricing,
        pricing.atMost(demand, margin));
  }

  /** Of some inputs of an embeddings request. */
  Estimate embeddings(Call call, Target target, Payer payer, long inputTokens) {
    EmbeddingRequest request = (EmbeddingRequest) call.request();
    boolean sure = PromptTokens.atMost(request, target.modelId(), counter);
    Pricing pricing = pricing(call, target, payer);
    return new Estimate(
        inputTokens,
        0,
        null,
        true,
        ServiceTier.STANDARD,
        pricing,
        pricing.atMost(new Demand(inputTokens, sure, 0, Extras.NONE), margin));
  }

  /** Nothing is put on top of what a tenant pays by itself. */
  private Pricing pricing(Call call, Target target, Payer payer) {
    Terms terms = catalog.terms(call.tenant().id());
    boolean own = payer.account() == Account.TENANT;
    return Pricing.of(target, own ? terms.withoutMarkUp() : terms, clock.instant());
  }

  private long inputTokens(Call call, ChatRequest request, Target target) {
    Attempt before = call.attempt;
    return before != null
            && before.request == request
            && before.target.modelId().equals(target.modelId())
        ? before.estimate.inputTokens()
        : PromptTokens.count(request, target.modelId(), counter);
  }

  private static long outputTokens(Call call, Target target, boolean hard) {
    Long asked = asked(call);
    if (asked != null) {
      return Math.min(asked, MOST_OUTPUT_TOKENS);
    }
    Dialect dialect = target.provider().dialect();
    boolean told = hard || dialect == Dialect.ANTHROPIC || dialect == Dialect.BEDROCK;
    return told ? answerLimit(call.role, target.model()) : usual(call);
  }

  private static @Nullable Integer window(Target target) {
    Model model = target.model();
    return model == null ? null : model.contextWindow();
  }

  /** 0 and less are no limit to some servers. */
  private static @Nullable Long asked(Call call) {
    Long asked = call.chat().maxOutputTokens();
    return asked != null && asked > 0 ? asked : null;
  }

  private static long usual(Call call) {
    return call.role == null ? DEFAULT_OUTPUT_TOKENS : call.role.maxOutputTokens();
  }

  /** How much room a conversation leaves for the answer, over all its choices. */
  static long outputTokens(Call call) {
    Long asked = asked(call);
    long each = asked == null ? usual(call) : asked;
    return Math.min(each, MOST_OUTPUT_TOKENS) * call.chat().choices();
  }

  /** How long an answer may be where the request does not say, in tokens; 1 or more. */
  static long answerLimit(@Nullable Role role, @Nullable Model model) {
    Integer most = model == null ? null : model.maxOutputTokens();
    if (role == null) {
      return most == null ? DEFAULT_OUTPUT_TOKENS : most;
    }
    return most == null ? role.maxOutputTokens() : Math.min(role.maxOutputTokens(), most);
  }
}
