package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.limit.Limit;
import dev.serai.limit.Limits;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import dev.serai.provider.Behaviour;
import dev.serai.tenant.GatewayKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two gateways on one PostgreSQL and one Redis keep to one limit together. */
class SharedLimitsTest {
  private static final String STATE = "serai_limits_redis";

  /** Each test has a tenant of its own: what one consumed is not forgotten in the next. */
  private static final List<String> TENANTS =
      List.of(
          "fifty", "changed", "tokens", "places", "stopped", "shares", "slow", "unwritten", "dead");

  private static EmbeddedPostgres postgres;
  private static RedisUnderTest redis;
  private static GatewayUnderTest one;
  private static GatewayUnderTest two;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    redis = new RedisUnderTest();
    Map<String, String> settings = new HashMap<>();
    settings.put("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"));
    settings.put("spring.datasource.username", "postgres");
    settings.put("spring.data.redis.url", redis.url());
    settings.put("serai.cache.mode", "off");
    settings.put("serai.limits.lease", "3s");
    for (String tenant : TENANTS) {
      settings.put("serai.tenants." + tenant + ".key-sha256[0]", GatewayKey.hashOf("sk-" + tenant));
    }
    one = GatewayUnderTest.start(settings);
    settings.put("serai.providers.openai.base-url", one.provider().baseUrl());
    two = GatewayUnderTest.start(settings);
    allShare();
  }

  @AfterAll
  static void stop() throws IOException {
    two.close();
    one.close();
    redis.close();
    postgres.close();
  }

  @AfterEach
  void recover() {
    redis.slow(Duration.ZERO);
    one.provider().reset();
    allShare();
  }

  private static void allShare() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> one.meter(STATE) == 1 && two.meter(STATE) == 1);
  }

  private static Answer chat(GatewayUnderTest gateway, String tenant, String json) {
    return gateway.send(
        gateway
            .request("/v1/chat/completions", "Content-Type", "application/json")
            .setHeader("Authorization", "Bearer sk-" + tenant)
            .POST(BodyPublishers.ofString(json)));
  }

  /** Sets the limit at one gateway and waits until the other has heard of it. */
  private static void limit(String tenant, String json) {
    Subject subject = new Subject(Scope.TENANT, tenant);
    Limit before = two.part(Limits.class).of(subject);
    Answer answer =
        one.send(
            one.admin("/admin/v1/limits/tenant/" + tenant)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () -> {
              Limit now = two.part(Limits.class).of(subject);
              return now != null && !now.equals(before);
            });
  }

  /** So many calls at the same time, every other one at the other gateway. */
  private static List<Answer> flood(String tenant, int calls) {
    List<Future<Answer>> sent = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < calls; i++) {
        GatewayUnderTest gateway = i % 2 == 0 ? one : two;
        String question = ask("question " + i);
        sent.add(callers.submit(() -> chat(gateway, tenant, question)));
      }
    }
    sent.forEach(answer -> answers.add(answer.resultNow()));
    return answers;
  }

  private static long answered(List<Answer> answers) {
    assertThat(answers).extracting(Answer::status).containsAnyOf(200, 429).isSubsetOf(200, 429);
    return answers.stream().filter(answer -> answer.status() == 200).count();
  }

  @Test
  void of_two_hundred_callers_at_a_limit_of_fifty_a_minute_fifty_get_through_in_all() {
    limit("fifty", "{\"requests_per_minute\":50}");

    List<Answer> answers = flood("fifty", 200);

    assertThat(answered(answers)).isEqualTo(50);
    assertThat(one.provider().calls()).hasSize(50);
    assertThat(answers)
        .filteredOn(answer -> answer.status() == 429)
        .allSatisfy(
            refused -> {
              refused.isError(429, "rate_limit_exceeded");
              assertThat(refused.header("x-ratelimit-limit-requests")).isEqualTo("50");
              assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
              assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 60);
            });
  }

  @Test
  void another_limit_holds_on_both_at_once_and_forgets_nothing() {
    limit("changed", "{\"requests_per_minute\":50}");
    assertThat(answered(flood("changed", 30))).isEqualTo(30);

    limit("changed", "{\"requests_per_minute\":40}");
    assertThat(answered(flood("changed", 30))).isEqualTo(10);

    limit("changed", "{\"requests_per_minute\":60}");
    assertThat(answered(flood("changed", 40))).isEqualTo(20);
  }

  @Test
  void tokens_that_were_not_used_come_back_for_both() {
    limit("tokens", "{\"tokens_per_day\":100000}");
    Answer first = chat(one, "tokens", ask("first", "\"max_tokens\":5000"));
    long used = first.json().path("usage").path("total_tokens").asLong();

    await()
        .untilAsserted(
            () -> {
              Answer second = chat(two, "tokens", ask("second", "\"max_tokens\":1"));
              assertThat(Long.parseLong(second.header("x-ratelimit-remaining-tokens")))
                  .isGreaterThan(100_000 - 5000)
                  .isLessThan(100_000 - used);
            });
  }

  @Test
  void calls_at_the_same_time_are_counted_over_both() {
    limit("places", "{\"concurrency\":3}");
    one.provider().byDefault(Behaviour.slow(Duration.ofMillis(150)));

    List<Answer> answers = flood("places", 18);

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(one.provider().peakInFlight()).isBetween(2, 3);
  }

  @Test
  void a_redis_that_is_stopped_and_started_costs_no_caller_an_error() {
    limit(
        "stopped",
        "{\"requests_per_minute\":100000,\"tokens_per_minute\":100000000,\"concurrency\":50}");
    assertThat(answered(flood("stopped", 20))).isEqualTo(20);

    redis.stop();
    assertThat(answered(flood("stopped", 40))).isEqualTo(40);
    await().until(() -> one.meter(STATE) == 0 && two.meter(STATE) == 0);
    assertThat(answered(flood("stopped", 20))).isEqualTo(20);

    redis.startAgain();
    assertThat(answered(flood("stopped", 20))).isEqualTo(20);
    allShare();
    assertThat(answered(flood("stopped", 20))).isEqualTo(20);
  }

  @Test
  void without_redis_each_goes_on_with_its_share_of_what_was_left() {
    await()
        .atMost(Duration.ofSeconds(15))
        // Each counts the replicas every two seconds.
        .pollDelay(Duration.ofSeconds(3))
        .untilAsserted(
            () -> assertThat(one.part(dev.serai.ledger.Replicas.class).living()).isEqualTo(2));
    limit("shares", "{\"requests_per_minute\":40}");
    assertThat(answered(flood("shares", 20))).isEqualTo(20);
    assertThat(chat(one, "shares", ask("one knows")).status()).isEqualTo(200);
    assertThat(chat(two, "shares", ask("two knows")).status()).isEqualTo(200);

    redis.stop();
    try {
      await().until(() -> one.meter(STATE) == 0 && two.meter(STATE) == 0);
      assertThat(answered(flood("shares", 60))).isBetween(9L, 18L);
    } finally {
      redis.startAgain();
    }
  }

  @Test
  void a_slow_redis_slows_nobody_down_once_it_is_known() {
    limit("slow", "{\"requests_per_minute\":100000}");
    chat(one, "slow", ask("warm"));

    redis.slow(Duration.ofMillis(300));
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> chat(one, "slow", ask("slow")).status() == 200 && one.meter(STATE) == 0);
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long began = System.nanoTime();
      assertThat(chat(one, "slow", ask("fast " + i)).status()).isEqualTo(200);
      fastest = Math.min(fastest, System.nanoTime() - began);
    }

    assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(250));
    redis.slow(Duration.ZERO);
    allShare();
  }

  @Test
  void a_redis_that_answers_but_does_not_write_is_not_used() {
    limit("unwritten", "{\"requests_per_minute\":100000}");
    chat(one, "unwritten", ask("warm"));

    configure("min-replicas-to-write", "1");
    try {
      await()
          .atMost(Duration.ofSeconds(15))
          .until(
              () -> chat(one, "unwritten", ask("again")).status() == 200 && one.meter(STATE) == 0);
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(4))
          .until(() -> one.meter(STATE) == 0);
    } finally {
      configure("min-replicas-to-write", "0");
    }
  }

  private static void configure(String setting, String value) {
    try (var client = io.lettuce.core.RedisClient.create(redis.url());
        var connection = client.connect()) {
      connection.sync().configSet(setting, value);
    }
  }

  @Test
  void places_of_a_replica_that_died_come_back_after_their_lease() {
    limit("dead", "{\"concurrency\":2}");
    leaveBehind(2);
    assertThat(chat(one, "dead", ask("both taken")).status())
        .as("until the lease ends")
        .isEqualTo(200);
  }

  /** Places as a process has them that is gone: leased, and never renewed. */
  private static void leaveBehind(int places) {
    try (var client = io.lettuce.core.RedisClient.create(redis.url());
        var connection = client.connect()) {
      long until = System.currentTimeMillis() + 2000;
      for (int i = 0; i < places; i++) {
        connection.sync().zadd("serai:{limits}:places:tenant/dead", (double) until, "dead-" + i);
      }
    }
  }
}
