package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.FakeProvider;
import dev.serai.provider.Messages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants call on provider keys of their own. */
class OwnKeysTest {
  private static final String PLATFORM = "Bearer " + GatewayUnderTest.PROVIDER_KEY;
  private static final String GPT = GatewayUnderTest.MODEL;

  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private final KeyBringers tenancy = KeyBringers.fresh();
  private final GatewayUnderTest gateway = tenancy.gateway;
  private final FakeProvider openai = gateway.provider();
  private final FakeProvider openrouter = gateway.second();

  @ParameterizedTest
  @ValueSource(strings = {"", "\"stream\":true,"})
  void a_tenants_own_key_pays_for_its_calls_and_for_nobody_elses(String fields) {
    tenancy.store("acme", "openai", "sk-of-acme-123456");

    Answer own = tenancy.chat("acme", GPT, fields);
    Answer platforms = tenancy.chat("trial", GPT, fields);

    assertThat(own.status()).as(own.text()).isEqualTo(200);
    assertThat(openai.calls())
        .extracting(call -> call.header("authorization"))
        .containsExactly("Bearer sk-of-acme-123456", PLATFORM);
    assertThat(tenancy.accounts(own)).containsExactly("tenant");
    assertThat(tenancy.accounts(platforms)).containsExactly("platform");
  }

  @Test
  void usage_rows_say_which_gateway_key_called() {
    Answer answer = tenancy.chat("trial", GPT);
    gateway.settledLedger(answer.requestId());

    JsonNode row =
        gateway
            .send(gateway.admin("/admin/v1/usage/rows?request_id=" + answer.requestId()))
            .json()
            .at("/data/0");

    assertThat(row.path("key_id").asText()).matches("cfg-[0-9a-f]{16}");
    assertThat(row.path("account").asText()).isEqualTo("platform");
  }

  @Test
  void what_names_the_platforms_account_does_not_go_with_a_tenants_key() {
    tenancy.store("acme", "openai", "sk-of-acme-123456");

    tenancy.chat("acme", GPT);
    tenancy.chat("trial", GPT);

    assertThat(openai.calls())
        .extracting(call -> call.header("openai-organization"))
        .containsExactly("", "org-of-the-platform");
  }

  @Test
  void it_pays_for_embeddings_as_well() {
    tenancy.store("acme", "openai", "sk-of-acme-123456");

    Answer answer =
        tenancy.post(
            "acme", "/v1/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":\"hi\"}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(openai.calls().getFirst().header("authorization"))
        .isEqualTo("Bearer sk-of-acme-123456");
  }

  @Test
  void a_provider_that_the_platform_has_no_key_for_is_open_to_a_tenant_with_one() {
    openrouter.byDefault(Messages.answer("Bonjour"));
    tenancy.store("acme", "anthropic", "sk-ant-of-acme-123");

    Answer answer = tenancy.chat("acme", "anthropic/claude-haiku-4-5");

    assertThat(answer.content()).isEqualTo("Bonjour");
    assertThat(openrouter.calls().getFirst().header("x-api-key")).isEqualTo("sk-ant-of-acme-123");
    tenancy.chat("trial", "anthropic/claude-haiku-4-5").isError(503, "no_target_available");
  }

  @Test
  void without_a_key_of_its_own_who_must_pay_is_refused_and_nothing_is_sent() {
    long rows = gateway.ledgerSize();

    Answer answer = tenancy.chat("acme", GPT);

    answer.isError(402, "provider_key_required");
    assertThat(answer.text()).contains("OpenAI", "PUT /admin/v1/tenants/acme/credentials/openai");
    tenancy.chat("acme", KeyBringers.ROLE).isError(402, "provider_key_required");
    assertThat(tenancy.chat("acme", "local/serai-local").status()).isEqualTo(200);
    assertThat(openai.calls()).isEmpty();
    assertThat(openrouter.calls()).isEmpty();
    assertThat(gateway.ledgerSize()).isEqualTo(rows + 1);
  }

  @Test
  void a_role_goes_to_what_the_tenant_can_pay_for() {
    tenancy.store("acme", "openrouter", "sk-or-of-acme-123");

    Answer answer = tenancy.chat("acme", KeyBringers.ROLE);

    assertThat(answer.header("x-serai-target")).isEqualTo("openrouter");
    assertThat(openai.calls()).isEmpty();
    openrouter.byDefault(Behaviour.status(404));
    assertThat(tenancy.chat("acme", KeyBringers.ROLE).status()).isEqualTo(404);
    assertThat(openai.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          402 | 402 | insufficient_quota  | Your OpenAI API key quota exceeded. Please add credits or upgrade.
          0   | 402 | insufficient_quota  | Your OpenAI API key quota exceeded. Please add credits or upgrade.
          401 | 401 | invalid_api_key     | Your OpenAI API key is invalid. Please store one that is valid with PUT /admin/v1/tenants/trial/credentials/openai.
          403 | 401 | invalid_api_key     | Your OpenAI API key is not allowed to make this call. Please give it access to the model, or store another with PUT /admin/v1/tenants/trial/credentials/openai.
          429 | 429 | rate_limit_exceeded | Your OpenAI API key is rate limited. Please try again after the time in Retry-After.
          """)
  void when_it_fails_the_tenant_is_told_so_and_the_platforms_key_does_not_stand_in(
      int said, int status, String code, String message) {
    openai.byDefault(said == 0 ? Behaviour.insufficientQuota() : Behaviour.status(said));
    tenancy.store("trial", "openai", "sk-of-trial-12345");

    Answer answer = tenancy.chat("trial", KeyBringers.ROLE);

    answer.isError(status, code);
    assertThat(answer.json().at("/error/message").asText()).isEqualTo(message);
    assertThat(openai.calls())
        .allMatch(call -> call.header("authorization").equals("Bearer sk-of-trial-12345"));
    assertThat(openrouter.calls()).isEmpty();
    assertThat(tenancy.accounts(answer)).containsOnly("tenant");
    if (status == 429) {
      assertThat(answer.header("retry-after")).matches("[1-9][0-9]*");
    }
  }

  @Test
  void a_rate_limit_says_when_to_come_back() {
    openai.byDefault(Behaviour.rateLimited(Duration.ofSeconds(700)));
    tenancy.store("acme", "openai", "sk-of-acme-123456");

    Answer answer = tenancy.chat("acme", GPT);

    answer.isError(429, "rate_limit_exceeded");
    assertThat(answer.header("retry-after")).isEqualTo("700");
  }

  @ParameterizedTest
  @CsvSource({
    "openrouter, openrouter/mistralai/mistral-small, OpenRouter",
    "anthropic, anthropic/claude-haiku-4-5, Anthropic",
  })
  void other_providers_are_called_by_their_names(String provider, String model, String name) {
    openrouter.byDefault(Behaviour.status(402));
    tenancy.store("acme", provider, "sk-of-acme-123456");

    Answer answer = tenancy.chat("acme", model);

    answer.isError(402, "insufficient_quota");
    assertThat(answer.json().at("/error/message").asText())
        .isEqualTo("Your " + name + " API key quota exceeded. Please add credits or upgrade.");
  }

  @Test
  void the_tenants_key_of_another_provider_may_stand_in() {
    openai.byDefault(Behaviour.status(401));
    tenancy.store("trial", "openai", "sk-of-trial-12345");
    tenancy.store("trial", "openrouter", "sk-or-of-trial-12");

    Answer answer = tenancy.chat("trial", KeyBringers.ROLE);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-serai-target")).isEqualTo("openrouter");
    assertThat(tenancy.accounts(answer)).containsExactly("tenant", "tenant");

    openrouter.byDefault(Behaviour.status(503));
    Answer none = tenancy.chat("trial", KeyBringers.ROLE);

    none.isError(401, "invalid_api_key");
    assertThat(none.text()).contains("Your OpenAI API key is invalid.");
  }

  @Test
  void where_the_target_failed_and_not_the_key_the_platforms_account_may_be_next() {
    openai.byDefault(Behaviour.rubbish());
    tenancy.store("trial", "openai", "sk-of-trial-12345");

    Answer answer = tenancy.chat("trial", KeyBringers.ROLE);

    assertThat(answer.header("x-serai-target")).isEqualTo("openrouter");
    assertThat(tenancy.accounts(answer)).containsExactly("tenant", "platform");
  }

  @Test
  void the_platforms_own_key_fails_as_before() {
    openai.byDefault(Behaviour.status(401));
    openrouter.byDefault(Behaviour.status(401));

    tenancy.chat("trial", KeyBringers.ROLE).isError(502, "provider_error");
  }

  @Test
  void a_stream_that_ends_in_the_tenants_quota_says_so() {
    openai.byDefault(
        reply -> {
          reply.open(200, Map.of("Content-Type", "text/event-stream"));
          reply.event("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n".getBytes(UTF_8));
          reply.event("data: {\"error\":{\"message\":\"no\",\"code\":402}}\n\n".getBytes(UTF_8));
          reply.end();
        });
    tenancy.store("acme", "openai", "sk-of-acme-123456");

    Answer answer = tenancy.chat("acme", GPT, "\"stream\":true,");

    assertThat(answer.text())
        .contains("Your OpenAI API key quota exceeded. Please add credits or upgrade.");
  }

  @Test
  void a_change_counts_from_the_next_call_on() {
    tenancy.store("acme", "openai", "sk-first-123456");
    tenancy.chat("acme", GPT);
    tenancy.store("acme", "openai", "sk-second-12345");
    tenancy.chat("acme", GPT);
    assertThat(tenancy.delete("acme", "openai").status()).isEqualTo(204);
    tenancy.chat("acme", GPT).isError(402, "provider_key_required");

    assertThat(openai.calls())
        .extracting(call -> call.header("authorization"))
        .containsExactly("Bearer sk-first-123456", "Bearer sk-second-12345");
  }

  @Test
  void the_same_request_of_two_tenants_is_two_calls() {
    openai.byDefault(Behaviour.slow(Duration.ofMillis(500)));
    tenancy.store("acme", "openai", "sk-of-acme-123456");
    tenancy.store("zeta", "openai", "sk-of-zeta-123456");

    List<CompletableFuture<Answer>> answers =
        List.of("acme", "zeta").stream()
            .map(
                tenant ->
                    CompletableFuture.supplyAsync(
                        () ->
                            tenancy.post(
                                tenant,
                                "/v1/chat/completions",
                                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"same\"}]}"
                                    .formatted("rag")),
                        THREADS))
            .toList();

    assertThat(answers.stream().map(CompletableFuture::join))
        .allMatch(answer -> answer.cache().equals("miss"));
    assertThat(openai.calls())
        .extracting(call -> call.header("authorization"))
        .containsExactlyInAnyOrder("Bearer sk-of-acme-123456", "Bearer sk-of-zeta-123456");
  }

  @Test
  void a_tenants_wait_for_its_rate_limit_is_nobody_elses() {
    tenancy.store("acme", "openai", "sk-of-acme-123456");
    openai.script(
        call ->
            call.header("authorization").equals(PLATFORM)
                ? Behaviour.answer()
                : Behaviour.rateLimited(Duration.ofSeconds(2)));
    List<CompletableFuture<Answer>> waiting =
        IntStream.range(0, 20)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> tenancy.chat("acme", GPT), THREADS))
            .toList();
    await().atMost(Duration.ofSeconds(10)).until(() -> openai.calls().size() >= 20);
    long start = System.nanoTime();

    Answer other = tenancy.chat("trial", GPT);

    assertThat(other.status()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    openai.byDefault(Behaviour.answer());
    assertThat(waiting.stream().map(CompletableFuture::join))
        .allMatch(answer -> answer.status() == 200);
  }
}
