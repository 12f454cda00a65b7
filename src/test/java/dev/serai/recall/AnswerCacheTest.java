package dev.serai.recall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.chat.Usage;
import dev.serai.recall.AnswerCache.Joined;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerCacheTest {
  private static final String ROUTE = "route";

  private final AnswerCache cache = new AnswerCache(10_000, Duration.ofHours(1));

  @Test
  void the_first_leads_and_the_others_follow_it() {
    Flight flight = lead(key("a"));

    assertThat(cache.join(key("a"), ROUTE)).isEqualTo(new Joined.Follow(flight));
    assertThat(cache.join(key("b"), ROUTE)).isInstanceOf(Joined.Lead.class);
  }

  @Test
  void who_may_fall_over_elsewhere_does_not_follow() {
    assertThat(lead(key("a"))).isNotDone();

    assertThat(cache.join(key("a"), "another route")).isEqualTo(new Joined.Alone());
  }

  @Test
  void what_landed_to_be_kept_is_a_hit() {
    StoredAnswer answer = answer("text");

    lead(key("a")).landed(answer, true);

    assertThat(cache.join(key("a"), ROUTE)).isEqualTo(new Joined.Hit(answer));
  }

  @Test
  void what_landed_not_to_be_kept_is_asked_again() {
    lead(key("a")).landed(answer("text"), false);

    assertThat(cache.join(key("a"), ROUTE)).isInstanceOf(Joined.Lead.class);
  }

  @Test
  void what_failed_was_refused_or_broke_is_asked_again() {
    lead(key("failed")).failed(new IllegalStateException());
    lead(key("refused")).refused(new Answer.Refusal(400, new byte[0], null, "openai", "m"));
    lead(key("broke")).broke();

    for (String key : List.of("failed", "refused", "broke")) {
      assertThat(cache.join(key(key), ROUTE)).as(key).isInstanceOf(Joined.Lead.class);
    }
  }

  @Test
  void a_refreshed_answer_takes_the_place_of_the_old() {
    lead(key("a")).landed(answer("old"), true);
    StoredAnswer fresh = answer("new");

    cache.refresh(key("a"), fresh);

    assertThat(cache.join(key("a"), ROUTE)).isEqualTo(new Joined.Hit(fresh));
  }

  @ParameterizedTest
  @CsvSource({
    ",, 4",
    "acme,, 3",
    "nobody,, 0",
    ",gpt, 3",
    ",openai/gpt, 2",
    "acme, gpt, 2",
    "acme, o3, 1"
  })
  void forgets_by_tenant_and_model(String tenant, String model, int removed) {
    for (CacheKey key :
        List.of(
            new CacheKey("acme", "openai", "gpt", "1"),
            new CacheKey("acme", "eu", "gpt", "2"),
            new CacheKey("acme", "openai", "o3", "3"),
            new CacheKey("other", "openai", "gpt", "4"))) {
      lead(key).landed(answer("text"), true);
    }

    assertThat(cache.forget(tenant, model)).isEqualTo(removed);
    assertThat(cache.size()).isEqualTo(4 - removed);
  }

  @Test
  void is_bounded_by_bytes() {
    for (int i = 0; i < 100; i++) {
      lead(key("k" + i)).landed(answer("x".repeat(1000)), true);
    }

    assertThat(cache.size()).isBetween(1L, 8L);
  }

  @Test
  void forgets_what_is_too_old() {
    AnswerCache brief = new AnswerCache(10_000, Duration.ofMillis(50));
    ((Joined.Lead) brief.join(key("a"), ROUTE)).flight().landed(answer("text"), true);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThat(brief.join(key("a"), ROUTE)).isNotInstanceOf(Joined.Hit.class));
  }

  @Test
  void either_form_of_an_answer_can_be_had_from_the_other() {
    StoredAnswer whole =
        answer(
            """
            {"id":"i","model":"m","choices":[{"index":0,"finish_reason":"stop",\
            "message":{"role":"assistant","content":"Hello"}}]}\
            """);
    StoredAnswer streamed =
        new StoredAnswer(null, whole.asEvents(), "openai", "gpt", Usage.NONE, 0L);

    assertThat(whole.asEvents()).hasSizeGreaterThan(1);
    assertThat(new String(streamed.asWhole(), UTF_8)).contains("\"content\":\"Hello\"");
    assertThat(streamed.weight()).isGreaterThan(whole.weight());
  }

  private Flight lead(CacheKey key) {
    return ((Joined.Lead) cache.join(key, ROUTE)).flight();
  }

  private static CacheKey key(String fingerprint) {
    return CacheKey.of("acme", "openai", "gpt", fingerprint.getBytes(UTF_8));
  }

  private static StoredAnswer answer(String text) {
    return new StoredAnswer(text.getBytes(UTF_8), null, "openai", "gpt", Usage.NONE, 1L);
  }
}
