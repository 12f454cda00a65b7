package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ADMIN_KEY;
import static dev.serai.blackbox.GatewayUnderTest.MODEL;
import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Cassette;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are known are not paid for again, and only those. */
class CacheTest {
  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());

  /** Never asked before. */
  private final String question = "question " + UUID.randomUUID();

  @Test
  void the_second_time_is_a_hit() {
    Answer first = gateway.chat(ask(question));
    Answer second = gateway.chat(ask(question));

    assertThat(first.cache()).isEqualTo("miss");
    assertThat(second.cache()).isEqualTo("hit");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.requestId()).isNotEqualTo(first.requestId());
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void a_hit_leaves_no_row_that_could_be_billed() {
    gateway.settledLedger(gateway.chat(ask(question)).requestId());
    long rows = gateway.ledgerSize();

    Answer hit = gateway.chat(ask(question));

    assertThat(hit.cache()).isEqualTo("hit");
    assertThat(gateway.ledgerSize()).isEqualTo(rows);
  }

  @Test
  void the_order_of_properties_does_not_matter() {
    gateway.chat(ask(question, "\"temperature\":1,\"seed\":3"));

    Answer other =
        gateway.chat(
            """
            { "messages" : [ { "content":"%s", "role":"user" } ],
              "seed":3.0, "model":"%s", "temperature":1.0 }\
            """
                .formatted(question, MODEL));

    assertThat(other.cache()).isEqualTo("hit");
    assertThat(calls()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"temperature\":0.1",
        "\"seed\":1",
        "\"max_tokens\":5",
        "\"n\":1",
        "\"user\":\"u\"",
        "\"tools\":[]",
        "\"something_new\":{\"a\":[1]}"
      })
  void a_field_that_may_change_the_answer_does_matter(String field) {
    gateway.chat(ask(question));

    Answer other = gateway.chat(ask(question, field));

    assertThat(other.cache()).isEqualTo("miss");
    assertThat(calls()).isEqualTo(2);
  }

  @Test
  void the_system_prompt_does_matter() {
    gateway.chat(ask(question));

    Answer other =
        gateway.chat(
            """
            {"model":"%s","messages":[{"role":"system","content":"Be brief"},\
            {"role":"user","content":"%s"}]}\
            """
                .formatted(MODEL, question));

    assertThat(other.cache()).isEqualTo("miss");
  }

  @Test
  void no_store_neither_reads_nor_writes() {
    Answer bypass = gateway.chat(ask(question), "x-serai-cache", "no-store");
    Answer after = gateway.chat(ask(question));
    Answer again = gateway.chat(ask(question), "x-serai-cache", "no-store");

    assertThat(List.of(bypass.cache(), after.cache(), again.cache()))
        .containsExactly("bypass", "miss", "bypass");
    assertThat(calls()).isEqualTo(3);
  }

  @Test
  void refresh_asks_again_and_stores_the_new_answer() {
    gateway.provider().next(Behaviour.answer("old"), Behaviour.answer("new"));
    gateway.chat(ask(question));

    Answer refreshed = gateway.chat(ask(question), "x-serai-cache", "refresh");
    Answer after = gateway.chat(ask(question));

    assertThat(refreshed.content()).isEqualTo("new");
    assertThat(refreshed.cache()).isNotEqualTo("hit");
    assertThat(after.content()).isEqualTo("new");
    assertThat(after.cache()).isEqualTo("hit");
  }

  @Test
  void a_whole_answer_serves_a_stream() throws Exception {
    Answer whole = gateway.chat(ask(question));

    try (SseStream stream = gateway.stream(ask(question, STREAM))) {
      List<SseStream.Event> events = stream.rest();

      assertThat(stream.header("x-serai-cache")).isEqualTo("hit");
      assertThat(content(events)).isEqualTo(whole.content());
      assertThat(events.getLast().done()).isTrue();
      assertThat(events).noneMatch(CacheTest::usageOnly);
    }
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void a_stream_from_the_cache_has_usage_when_asked() throws Exception {
    Answer whole = gateway.chat(ask(question));

    try (SseStream stream =
        gateway.stream(ask(question, STREAM + ",\"stream_options\":{\"include_usage\":true}"))) {
      SseStream.Event usage =
          stream.rest().stream().filter(CacheTest::usageOnly).findFirst().orElseThrow();
      assertThat(Cassette.data(usage.bytes()).path("usage").path("prompt_tokens"))
          .isEqualTo(whole.json().path("usage").path("prompt_tokens"));
    }
  }

  @Test
  void a_stream_serves_a_whole_answer() throws Exception {
    String streamed;
    try (SseStream stream = gateway.stream(ask(question, STREAM))) {
      streamed = content(stream.rest());
    }

    Answer whole = gateway.chat(ask(question));

    assertThat(whole.cache()).isEqualTo("hit");
    assertThat(whole.content()).isEqualTo(streamed).isNotEmpty();
    assertThat(whole.json().path("object").asText()).isEqualTo("chat.completion");
    assertThat(whole.json().path("usage").path("prompt_tokens").asInt()).isGreaterThan(100);
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void a_stream_is_replayed_as_it_was() throws Exception {
    String live = streamed(ask(question, STREAM));

    try (SseStream second = gateway.stream(ask(question, STREAM))) {
      List<SseStream.Event> replayed = second.rest();
      assertThat(second.header("x-serai-cache")).isEqualTo("hit");
      assertThat(content(replayed)).isEqualTo(live).isNotEmpty();
      assertThat(replayed.getLast().done()).isTrue();
    }
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void identical_requests_in_flight_are_one_call() throws Exception {
    gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(800)));

    List<Answer> answers = Together.run(8, i -> gateway.chat(ask(question)));

    assertThat(calls()).isEqualTo(1);
    assertThat(answers).extracting(Answer::content).containsOnly(answers.getFirst().content());
    assertThat(answers).extracting(Answer::cache).containsOnlyOnce("miss").contains("shared");
    assertThat(answers).extracting(Answer::requestId).doesNotHaveDuplicates();
  }

  @Test
  void identical_streams_in_flight_are_one_call() throws Exception {
    gateway.provider().byDefault(Behaviour.pacedStream(8, Duration.ofMillis(100)));

    List<String> contents = Together.run(6, i -> streamed(ask(question, STREAM)));

    assertThat(calls()).isEqualTo(1);
    assertThat(contents).containsOnly("tick tick tick tick tick tick tick tick");
  }

  @Test
  void one_follower_leaving_does_not_end_the_stream_of_the_others() throws Exception {
    gateway.provider().byDefault(Behaviour.pacedStream(10, Duration.ofMillis(100)));
    SseStream leader = gateway.stream(ask(question, STREAM));
    leader.nextData();

    List<String> followers =
        Together.run(
            2,
            i -> {
              if (i == 0) {
                closeAfterOne(leader);
                return "left";
              }
              return streamed(ask(question, STREAM));
            });

    assertThat(followers.getLast()).isEqualTo("tick tick tick tick tick tick tick tick tick tick");
  }

  @Test
  void followers_get_the_error_of_the_leader() throws Exception {
    gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(800), Behaviour.status(400)));

    List<Answer> answers = Together.run(6, i -> gateway.chat(ask(question)));

    assertThat(answers).extracting(Answer::status).containsOnly(400);
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void an_error_is_not_stored() {
    gateway.provider().next(Behaviour.status(400));
    gateway.chat(ask(question));

    Answer second = gateway.chat(ask(question));

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.cache()).isEqualTo("miss");
  }

  @Test
  void a_stream_that_breaks_is_not_stored() throws Exception {
    gateway.provider().next(Behaviour.cutMidStream(4));
    streamed(ask(question, STREAM));

    Answer second = gateway.chat(ask(question));

    assertThat(second.cache()).isEqualTo("miss");
    assertThat(calls()).isEqualTo(2);
  }

  @Test
  void a_stream_whose_reader_left_is_not_stored_half() throws Exception {
    gateway.provider().next(Behaviour.pacedStream(100, Duration.ofMillis(30)));
    try (SseStream stream = gateway.stream(ask(question, STREAM))) {
      stream.nextData();
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> gateway.provider().calls().getFirst().ended());

    Answer second = gateway.chat(ask(question));

    assertThat(second.content()).startsWith("This is answer");
  }

  @Test
  void the_operator_can_empty_it() {
    gateway.chat(ask(question));

    Answer removed =
        gateway.send(
            gateway
                .request("/admin/v1/cache")
                .setHeader("Authorization", "Bearer " + ADMIN_KEY)
                .DELETE());

    assertThat(removed.status()).isEqualTo(200);
    assertThat(removed.json().path("removed").asLong()).isPositive();
    assertThat(gateway.chat(ask(question)).cache()).isEqualTo("miss");
  }

  private int calls() {
    return gateway.provider().calls().size();
  }

  private String streamed(String request) {
    try (SseStream stream = gateway.stream(request)) {
      return content(stream.rest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeAfterOne(SseStream stream) {
    try {
      stream.nextData();
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(List<SseStream.Event> events) {
    return events.stream()
        .filter(event -> !event.comment() && !event.done())
        .map(SseStream.Event::content)
        .collect(Collectors.joining());
  }

  private static boolean usageOnly(SseStream.Event event) {
    var data = Cassette.data(event.bytes());
    return data.path("choices").isEmpty() && data.path("usage").isObject();
  }

  @Test
  void an_answer_of_the_second_target_is_not_kept_for_those_who_want_the_first() {
    GatewayUnderTest other =
        GatewayUnderTest.shared(
            Map.of(
                "serai.roles.backed.description",
                "Has somebody to fall back to",
                "serai.roles.backed.targets[0]",
                MODEL,
                "serai.roles.backed.targets[1]",
                "openrouter/mistralai/mistral-small"));
    String request = ask(question).replace(MODEL, "backed");
    other.provider().next(Behaviour.insufficientQuota());

    Answer first = other.chat(request);
    Answer second = other.chat(request);

    assertThat(first.header("x-serai-target")).isEqualTo("openrouter");
    assertThat(second.cache()).isEqualTo("miss");
    assertThat(second.header("x-serai-target")).isEqualTo("openai");
  }
}
