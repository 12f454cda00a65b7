package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.budget.Budget.Mode;
import dev.serai.budget.Budget.OnBudget;
import dev.serai.limit.Scope;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.FakeProvider;
import dev.serai.provider.Messages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What budgets do to calls: before them, in place of them, and in what is sent. */
class BudgetedCallsTest {
  private static final long USD = 1_000_000_000;

  /** Room for a call of GPT-4o mini (0.60 per million out) and not for one of GPT-4o (10.00). */
  private static final long MINI = USD / 500;

  private static final String GPT_4O = "openai/gpt-4o";

  private final Spending spending = Spending.fresh();
  private final KeyBringers tenancy = spending.tenancy;
  private final GatewayUnderTest gateway = spending.gateway;
  private final FakeProvider openai = gateway.provider();
  private final FakeProvider second = gateway.second();

  @AfterEach
  void takeBudgetsAway() {
    spending.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM + ","})
  void a_call_that_does_not_fit_is_refused_before_anything_is_sent(String fields) {
    spending.grantMore(Scope.TENANT, "trial", MINI, OnBudget.REFUSE);
    long rows = gateway.ledgerSize();

    Answer answer = tenancy.chat("trial", Spending.THRIFTY, fields);

    answer.isError(402, "budget_exceeded");
    assertThat(answer.json().at("/error/type").asText()).isEqualTo("insufficient_quota");
    assertThat(answer.json().at("/error/message").asText())
        .contains("total budget of the tenant trial", "$0.002 left", "never granted again");
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("x-serai-attempts")).isEmpty();
    assertThat(openai.calls()).isEmpty();
    assertThat(gateway.ledgerSize()).isEqualTo(rows);
    assertThat(spending.standing(Scope.TENANT, "trial").reservedNanos()).isZero();
  }

  @Test
  void a_file_that_does_not_fit_says_so_beside_it() {
    spending.grantMore(Scope.ROLE, Spending.THRIFTY, MINI, OnBudget.REFUSE);
    Folders folders = Folders.of(gateway.home(), Spending.THRIFTY);

    folders.drop("dear.md", "hello");

    JsonNode error = folders.error("dear.md").path("error");
    assertThat(error.path("code").asText()).isEqualTo("budget_exceeded");
    assertThat(error.path("message").asText()).contains("budget of the role thrifty");
  }

  /** The limit lets one request in a minute through: a refused one is none. */
  @Test
  void a_refused_call_counts_as_refused_and_gives_its_limits_back() {
    tenancy.store("acme", "openai", "sk-of-acme-123456");
    spending.grantMore(Scope.TENANT, "acme", 1, OnBudget.REFUSE);
    String limits = "/admin/v1/limits/tenant/acme";
    new Tenancy(gateway).send("PUT", limits, "{\"requests_per_minute\":1}");
    try {
      long before = refused("acme");

      tenancy.chat("acme", GPT_4O).isError(402, "budget_exceeded");
      tenancy.chat("acme", GPT_4O).isError(402, "budget_exceeded");

      await().until(() -> refused("acme") == before + 2);
    } finally {
      new Tenancy(gateway).delete(limits);
    }
  }

  private long refused(String tenant) {
    return gateway
        .send(gateway.admin("/admin/v1/usage?tenant=" + tenant))
        .json()
        .at("/total/refused")
        .asLong();
  }

  @Test
  void a_soft_budget_lets_calls_through() {
    spending.grant(Scope.TENANT, "trial", 1, Mode.SOFT, OnBudget.REFUSE);

    Answer answer = tenancy.chat("trial", GPT_4O);

    assertThat(answer.status()).isEqualTo(200);
    spending.rows(answer);
    assertThat(spending.standing(Scope.TENANT, "trial").spentNanos()).isGreaterThan(1);
  }

  @Test
  void a_call_that_does_not_fit_goes_to_a_cheaper_target_of_its_role() {
    spending.grantMore(Scope.TENANT, "trial", MINI, OnBudget.DEGRADE);
    String meter =
        "serai_fallbacks_total{class=\"over_budget\",from=\"openai/gpt-4o\","
            + "to=\"openai/gpt-4o-mini\"}";
    double before = gateway.meter(meter);

    Answer answer = tenancy.chat("trial", Spending.THRIFTY);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("x-serai-target")).isEqualTo("openai");
    assertThat(answer.header("x-serai-model")).isEqualTo("gpt-4o-mini");
    assertThat(answer.header("x-serai-attempts")).isEqualTo("1");
    assertThat(openai.calls())
        .extracting(call -> call.json().path("model").asText())
        .containsExactly("gpt-4o-mini");
    assertThat(spending.rows(answer)).hasSize(1);
    assertThat(gateway.meter(meter)).isEqualTo(before + 1);
    assertThat(spending.standing(Scope.TENANT, "trial").reservedNanos()).isZero();
  }

  /** The last target of the role has no price: it is no cheaper one. */
  @Test
  void where_nothing_cheaper_fits_it_is_refused() {
    spending.grantMore(Scope.TENANT, "trial", 1_000, OnBudget.DEGRADE);

    tenancy.chat("trial", Spending.THRIFTY).isError(402, "budget_exceeded");

    assertThat(openai.calls()).isEmpty();
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void a_target_after_one_that_failed_is_not_asked_beyond_the_budget() {
    spending.grantMore(Scope.TENANT, "trial", USD / 40, OnBudget.DEGRADE);
    openai.next(Behaviour.status(404));

    Answer answer = tenancy.chat("trial", Spending.THRIFTY);

    assertThat(openai.calls())
        .extracting(call -> call.json().path("model").asText())
        .containsExactly("gpt-4o", "gpt-4o-mini");
    assertThat(answer.header("x-serai-attempts")).isEqualTo("2");
    assertThat(spending.rows(answer))
        .extracting(row -> row.get("attempt") + " " + row.get("state"))
        .containsExactly("1 failed", "2 settled");
  }

  @Test
  void a_full_budget_of_a_provider_leads_to_another_provider_at_any_price() {
    spending.grantMore(Scope.PROVIDER, "anthropic", 1, OnBudget.REFUSE);

    Answer answer = tenancy.chat("trial", Spending.ELSEWHERE);

    assertThat(answer.header("x-serai-target")).isEqualTo("openai");
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void embeddings_are_refused_as_well() {
    spending.grantMore(Scope.TENANT, "trial", 1, OnBudget.DEGRADE);

    tenancy
        .post(
            "trial",
            "/v1/embeddings",
            "{\"model\":\"text-embedding-3-small\",\"input\":\"%s\"}".formatted("hi ".repeat(99)))
        .isError(402, "budget_exceeded");

    assertThat(openai.calls()).isEmpty();
  }

  @Test
  void how_long_an_answer_may_be_is_sent_along_where_a_hard_budget_counts_on_it() {
    spending.grantMore(Scope.TENANT, "trial", USD, OnBudget.REFUSE);

    Answer role = tenancy.chat("trial", Spending.THRIFTY);
    tenancy.chat("trial", GPT_4O, "\"max_completion_tokens\":null,");
    tenancy.chat("trial", GPT_4O, "\"max_tokens\":7,");
    tenancy.chat("trial", "openrouter/openai/gpt-4o");

    assertThat(openai.calls())
        .extracting(BudgetedCallsTest::limits)
        .containsExactly("1000 -", "4096 -", "- 7");
    assertThat(second.calls()).extracting(BudgetedCallsTest::limits).containsExactly("- 4096");
    assertThat(spending.rows(role).getFirst().get("EST_OUTPUT_TOKENS")).isEqualTo(1000L);
  }

  @Test
  void anthropic_is_told_the_figure_that_is_reserved() {
    spending.grantMore(Scope.GATEWAY, "gateway", USD, OnBudget.REFUSE);
    second.byDefault(Messages.answer("Bonjour"));

    Answer answer = tenancy.chat("trial", "anthropic/claude-haiku-4-5");

    assertThat(second.calls().getFirst().json().path("max_tokens").asLong()).isEqualTo(64_000);
    assertThat(spending.rows(answer).getFirst().get("EST_OUTPUT_TOKENS")).isEqualTo(64_000L);
  }

  @Test
  void without_a_hard_budget_a_request_stays_as_it_was() {
    spending.grant(Scope.TENANT, "trial", USD, Mode.SOFT, OnBudget.REFUSE);

    tenancy.chat("trial", GPT_4O);

    assertThat(openai.calls()).extracting(BudgetedCallsTest::limits).containsExactly("- -");
  }

  /** Below 1 some servers take for unlimited, and many do not know the newer name. */
  @Test
  void no_answer_is_longer_than_what_a_hard_budget_counts_on() {
    spending.grantMore(Scope.TENANT, "trial", USD, OnBudget.REFUSE);
    String other = "openrouter/openai/gpt-4o";

    tenancy.chat("trial", GPT_4O, "\"max_tokens\":-1,");
    tenancy.chat("trial", GPT_4O, "\"max_completion_tokens\":0,");
    tenancy.chat("trial", other, "\"max_completion_tokens\":7,");
    Answer both = tenancy.chat("trial", other, "\"max_completion_tokens\":1,\"max_tokens\":9,");

    assertThat(openai.calls())
        .extracting(BudgetedCallsTest::limits)
        .containsExactly("- 4096", "4096 -");
    assertThat(second.calls()).extracting(BudgetedCallsTest::limits).containsExactly("7 7", "1 9");
    assertThat(spending.rows(both).getFirst().get("EST_OUTPUT_TOKENS")).isEqualTo(9L);
  }

  /** GPT-4o takes 128,000 tokens at 2.50; what GPT-4.1 takes is not in the catalogue. */
  @Test
  void a_file_of_unknown_size_is_all_that_the_model_takes_or_refused() {
    spending.grantMore(Scope.TENANT, "trial", USD, OnBudget.REFUSE);

    Answer known = file(GPT_4O);
    Answer unknown = file("openai/gpt-4.1");

    assertThat((Long) spending.rows(known).getFirst().get("EST_COST_NANOS"))
        .isBetween(USD * 32 / 100 * 3 / 2, USD * 40 / 100 * 3 / 2);
    unknown.isError(402, "budget_exceeded");
    assertThat(unknown.json().at("/error/message").asText())
        .contains("a file", "total budget of the tenant trial", "data URL");
    assertThat(openai.calls()).hasSize(1);
  }

  private Answer file(String model) {
    return tenancy.post(
        "trial",
        "/v1/chat/completions",
        "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":["
                .formatted(model)
            + "{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]}]}");
  }

  private static String limits(Call call) {
    JsonNode json = call.json();
    return json.path("max_completion_tokens").asText("-")
        + " "
        + json.path("max_tokens").asText("-");
  }

  /** Priority costs 4.25 and 17.00, and half as much again. */
  @Test
  void what_is_reserved_is_the_most_that_the_call_may_cost() {
    Answer answer =
        tenancy.chat("trial", GPT_4O, "\"service_tier\":\"priority\",\"max_tokens\":100,\"n\":2,");

    Map<String, Object> row = spending.rows(answer).getFirst();
    long input = (Long) row.get("EST_INPUT_TOKENS");
    assertThat(row.get("EST_OUTPUT_TOKENS")).isEqualTo(200L);
    assertThat(row.get("EST_COST_NANOS")).isEqualTo((input * 4_250 + 200 * 17_000) * 3 / 2);
    assertThat(row.get("MARK_UP")).isEqualTo(5_000);
    assertThat((Long) row.get("COST_NANOS")).isEqualTo((Long) row.get("NET_COST_NANOS") * 3 / 2);
  }

  /** Claude counts in its own way: a tenth more of 1.00, and what is marked for an hour 2.00. */
  @Test
  void what_is_counted_otherwise_by_the_provider_has_a_margin() {
    second.byDefault(Messages.answer("Bonjour"));
    String marked =
        "\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
            + "\"text\":\"hi\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]}]}";

    Answer answer =
        tenancy.post(
            "trial", "/v1/chat/completions", "{\"model\":\"anthropic/claude-haiku-4-5\"," + marked);

    Map<String, Object> row = spending.rows(answer).getFirst();
    long input = Math.ceilDiv((Long) row.get("EST_INPUT_TOKENS") * 11, 10);
    assertThat(row.get("EST_COST_NANOS")).isEqualTo((input * 2_000 + 10 * 5_000) * 3 / 2);
  }

  /** Nobody sells it to the tenant: the provider bills it, at the list price. */
  @Test
  void nothing_is_put_on_top_of_what_a_tenant_pays_by_itself() {
    tenancy.store("trial", "openai", "sk-of-trial-123456");
    spending.grantMore(Scope.GATEWAY, "gateway", USD, OnBudget.REFUSE);
    spending.grantMore(Scope.TENANT, "trial", USD, OnBudget.REFUSE);
    long before = spending.standing(Scope.TENANT, "trial").spentNanos();
    long gateways = spending.standing(Scope.GATEWAY, "gateway").spentNanos();

    Answer answer = tenancy.chat("trial", GPT_4O);

    Map<String, Object> row = spending.rows(answer).getFirst();
    assertThat(row.get("MARK_UP")).isNull();
    assertThat(row.get("COST_NANOS")).isEqualTo(row.get("NET_COST_NANOS"));
    assertThat(row.get("PRICE_VERSION").toString()).doesNotContain("%");
    assertThat(spending.standing(Scope.TENANT, "trial").spentNanos())
        .isEqualTo(before + (Long) row.get("COST_NANOS"));
    assertThat(spending.standing(Scope.GATEWAY, "gateway").spentNanos()).isEqualTo(gateways);
  }

  @Test
  void a_model_without_a_price_is_refused_where_that_is_configured_and_a_budget_is_hard() {
    spending.grant(Scope.TENANT, "trial", USD, Mode.SOFT, OnBudget.REFUSE);

    Answer soft = tenancy.chat("trial", "openai/no-such-price");
    spending.grantMore(Scope.TENANT, "trial", USD, OnBudget.REFUSE);
    Answer hard = tenancy.chat("trial", "openai/no-such-price");

    assertThat(spending.rows(soft))
        .extracting(row -> row.get("COST_STATE"))
        .isEqualTo(List.of("unpriced"));
    hard.isError(402, "budget_exceeded");
    assertThat(hard.json().at("/error/message").asText())
        .contains("has no price", "total budget of the tenant trial", "config/models.yaml");
    assertThat(openai.calls()).hasSize(1);
  }
}
