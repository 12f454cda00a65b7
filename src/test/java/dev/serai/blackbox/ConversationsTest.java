package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.MODEL;
import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.ChatMessage;
import dev.serai.ledger.Conversations;
import dev.serai.provider.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who names a conversation is answered with what was said in it before. */
class ConversationsTest {
  private static final String TOOL_CALL =
      """
      {"role":"assistant","content":null,"audio":null,"tool_calls":[{"id":"call_7","type":\
      "function","function":{"name":"tide","arguments":"{\\"port\\":\\"Emden\\"}"}}]}\
      """;

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
  private final Talk talk = Talk.fresh(gateway);

  /** Never asked before. */
  private final String question = "question " + UUID.randomUUID();

  @Test
  void what_was_said_goes_in_front_of_what_is_said_now() {
    gateway.provider().next(Behaviour.answer("Ahoy"), Behaviour.answer("Rising"));

    talk.say(ask(question));
    talk.say(ask("And the tide?"));

    assertThat(Talk.sent(gateway.provider().calls().getFirst()))
        .containsExactly("user " + question);
    assertThat(Talk.sent(gateway.provider().calls().get(1)))
        .containsExactly("user " + question, "assistant Ahoy", "user And the tide?");
    assertThat(talk.stored())
        .containsExactly(
            "user " + question, "assistant Ahoy", "user And the tide?", "assistant Rising");
  }

  @Test
  void what_a_model_thought_goes_to_those_only_who_know_the_fields() {
    String thought =
        """
        {"role":"assistant","content":"Ahoy","reasoning":"a greeting","reasoning_content":\
        "a greeting","reasoning_details":[{"type":"reasoning.text","text":"a greeting"}]}\
        """;
    gateway.provider().next(Behaviour.message(thought, "stop"));
    talk.say(ask(question));

    talk.say(ask("And the tide?"));
    talk.say("{\"model\":\"openrouter/x\",\"messages\":[{\"role\":\"user\",\"content\":\"So?\"}]}");

    assertThat(gateway.provider().calls().get(1).json().at("/messages/1"))
        .hasToString("{\"role\":\"assistant\",\"content\":\"Ahoy\"}");
    assertThat(gateway.second().calls().getFirst().json().at("/messages/1/reasoning_details"))
        .hasSize(1);
  }

  @Test
  void without_an_id_nothing_is_remembered() {
    gateway.chat(ask(question));
    gateway.chat(ask("And then?" + question));

    assertThat(Talk.sent(gateway.provider().calls().get(1))).hasSize(1);
    assertThat(talk.get().status()).isEqualTo(404);
  }

  @Test
  void the_estimate_and_the_cache_see_the_whole_conversation() {
    talk.say(ask(question));
    Answer again = talk.say(ask(question));

    assertThat(again.cache()).as("the same words, but later").isEqualTo("miss");
    assertThat(gateway.provider().calls()).hasSize(2);
  }

  @Test
  void the_system_prompt_stays_until_another_comes() {
    talk.say(system("Be brief", question));
    talk.say(ask("second"));
    talk.say(system("Be brief", "third"));
    talk.say(system("Be rude", "fourth"));
    talk.say(ask("fifth"));

    assertThat(Talk.sent(gateway.provider().calls().get(1)))
        .startsWith("system Be brief", "user " + question);
    assertThat(Talk.sent(gateway.provider().calls().get(2)))
        .filteredOn(line -> line.startsWith("system"))
        .containsExactly("system Be brief");
    assertThat(Talk.sent(gateway.provider().calls().get(4)))
        .startsWith("system Be rude", "user " + question)
        .filteredOn(line -> line.startsWith("system"))
        .hasSize(1);
    assertThat(talk.stored())
        .filteredOn(line -> line.startsWith("system"))
        .containsExactly("system Be brief", "system Be rude");
  }

  @Test
  void tool_calls_and_their_results_are_part_of_it() {
    gateway.provider().next(Behaviour.message(TOOL_CALL, "tool_calls"));
    talk.say(ask(question));

    talk.say(
        """
        {"model":"%s","messages":[{"role":"tool","tool_call_id":"call_7","content":"4.1 m"}]}\
        """
            .formatted(MODEL));
    talk.say(ask("Thanks"));

    JsonNode sent = gateway.provider().calls().get(2).json().path("messages");
    assertThat(sent).hasSize(5);
    assertThat(sent.get(1).path("tool_calls").get(0).path("function").path("arguments").asText())
        .isEqualTo("{\"port\":\"Emden\"}");
    assertThat(sent.get(1).has("content")).isTrue();
    assertThat(sent.get(1).has("audio")).as("a field that is null").isFalse();
    assertThat(sent.get(2).path("tool_call_id").asText()).isEqualTo("call_7");
    assertThat(talk.get().json().path("messages").get(1).path("tool_calls")).hasSize(1);
  }

  @Test
  void a_stream_is_remembered_as_well() throws Exception {
    gateway.provider().next(Behaviour.answer("One two three"));
    try (SseStream stream = talk.stream(ask(question, STREAM))) {
      SseStream.Event event = stream.next();
      while (event != null && !event.done()) {
        event = stream.next();
      }
      assertThat(talk.stored()).containsExactly("user " + question, "assistant One two three");
    }
  }

  @Test
  void an_answer_that_cannot_be_stored_is_not_given_to_its_end() throws Exception {
    Conversations store = gateway.part(Conversations.class);
    gateway.provider().next(Behaviour.pacedStream(6, Duration.ofMillis(100)));
    try (SseStream stream = talk.stream(ask(question, STREAM))) {
      stream.nextData();
      assertThat(
              store.append("dev", talk.id(), 0, "req-other", List.of(said("meanwhile")), () -> {}))
          .isTrue();

      List<SseStream.Event> rest = stream.rest();

      assertThat(rest).noneMatch(SseStream.Event::done);
      assertThat(rest.getLast().error()).isEqualTo("conversation_conflict");
    }
    assertThat(talk.stored()).containsExactly("user meanwhile");
  }

  @Test
  void what_another_replica_said_meanwhile_is_a_conflict() throws Exception {
    Conversations store = gateway.part(Conversations.class);
    gateway.provider().next(Behaviour.slow(Duration.ofSeconds(1)));
    CompletableFuture<Answer> late = CompletableFuture.supplyAsync(() -> talk.ask(ask(question)));
    gateway.provider().awaitCalls(1);
    store.append("dev", talk.id(), 0, "req-other", List.of(said("meanwhile")), () -> {});

    late.get().isError(409, "conversation_conflict");

    assertThat(talk.stored()).containsExactly("user meanwhile");
    talk.say(ask(question));
    assertThat(talk.stored()).hasSize(3).startsWith("user meanwhile", "user " + question);
  }

  @Test
  void what_failed_is_not_remembered() throws Exception {
    gateway.provider().next(Behaviour.status(400));
    assertThat(talk.ask(ask(question)).status()).isEqualTo(400);
    gateway.provider().next(Behaviour.cutMidStream(3));
    try (SseStream stream = talk.stream(ask(question, STREAM))) {
      stream.rest();
    }

    assertThat(talk.get().status()).isEqualTo(404);
  }

  @Test
  void requests_at_the_same_time_are_answered_one_after_the_other() throws Exception {
    gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(50)));

    List<Answer> answers =
        Together.run(8, i -> talk.ask(ask(question + i, i % 2 == 0 ? STREAM : "")));

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(gateway.provider().peakInFlight()).isEqualTo(1);
    for (int i = 0; i < 8; i++) {
      assertThat(Talk.sent(gateway.provider().calls().get(i))).hasSize(2 * i + 1);
    }
    List<String> stored = talk.stored();
    assertThat(stored).hasSize(16);
    for (int i = 0; i < 16; i++) {
      assertThat(stored.get(i)).startsWith(i % 2 == 0 ? "user " : "assistant ");
    }
  }

  @Test
  void other_conversations_do_not_wait() throws Exception {
    gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(500)));

    Together.run(4, i -> Talk.fresh(gateway).say(ask(question + i)));

    assertThat(gateway.provider().peakInFlight()).isGreaterThan(1);
  }

  @Test
  void a_hit_is_remembered() {
    gateway.provider().next(Behaviour.answer("Kept"));
    Talk other = Talk.fresh(gateway);
    talk.say(ask(question));

    Answer hit = other.say(ask(question));

    assertThat(hit.cache()).isEqualTo("hit");
    assertThat(other.stored()).containsExactly("user " + question, "assistant Kept");
  }

  @Test
  void a_stream_that_another_call_began_is_remembered() throws Exception {
    gateway
        .provider()
        .byDefault(
            reply ->
                (reply.call().streaming()
                        ? Behaviour.pacedStream(5, Duration.ofMillis(100))
                        : Behaviour.slow(Duration.ofMillis(300)))
                    .play(reply));
    List<Talk> talks = List.of(talk, Talk.fresh(gateway), Talk.fresh(gateway));

    List<Answer> answers =
        Together.run(3, i -> talks.get(i).say(ask(question, i == 2 ? "" : STREAM)));

    if (gateway.provider().calls().size() == 1) {
      assertThat(answers).extracting(Answer::cache).contains("shared");
    }
    assertThat(talks)
        .allSatisfy(each -> assertThat(each.stored()).hasSize(2).contains("user " + question));
  }

  @Test
  void shows_its_messages_in_order_with_their_tokens() {
    gateway.provider().next(Behaviour.answer("Hello world"));
    Answer said = talk.say(system("Be brief", question));

    JsonNode shown = talk.get().json();

    assertThat(shown.path("id").asText()).isEqualTo(talk.id());
    assertThat(shown.path("object").asText()).isEqualTo("conversation");
    JsonNode last = shown.path("messages").get(2);
    assertThat(last.path("role").asText()).isEqualTo("assistant");
    assertThat(last.path("content").asText()).isEqualTo("Hello world");
    assertThat(last.path("token_count").asInt()).isEqualTo(6);
    assertThat(last.path("request_id").asText()).isEqualTo(said.requestId());
    assertThat(shown.path("token_count").asInt())
        .isEqualTo(
            shown.path("messages").findValues("token_count").stream()
                .mapToInt(JsonNode::asInt)
                .sum());
  }

  @Test
  void is_forgotten_when_deleted() {
    talk.say(ask(question));

    Answer deleted = talk.delete();

    assertThat(deleted.json().path("deleted").asBoolean()).isTrue();
    talk.get().isError(404, "not_found");
    talk.delete().isError(404, "not_found");
    talk.say(ask("again " + question));
    assertThat(Talk.sent(gateway.provider().calls().get(1))).hasSize(1);
  }

  @Test
  void a_deletion_comes_after_the_answer_that_is_under_way() throws Exception {
    gateway.provider().next(Behaviour.slow(Duration.ofMillis(500)));
    CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> talk.ask(ask(question)));
    gateway.provider().awaitCalls(1);

    assertThat(talk.delete().status()).isEqualTo(200);

    assertThat(asked.get().status()).isEqualTo(200);
    assertThat(talk.get().status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ä", "x\"", "%2e"})
  void an_id_that_is_none_is_refused(String id) {
    gateway.chat(ask(question), Talk.HEADER, id).isError(400, "invalid_request_error");

    assertThat(gateway.provider().calls()).isEmpty();
  }

  @Test
  void an_id_that_is_too_long_is_refused() {
    gateway.chat(ask(question), Talk.HEADER, "x".repeat(129)).isError(400, "invalid_value");
    gateway.get("/v1/conversations/" + "x".repeat(129)).isError(400, "invalid_value");
    assertThat(new Talk(gateway, "x".repeat(128)).say(ask(question)).status()).isEqualTo(200);
  }

  @Test
  void the_path_without_an_id_is_no_conversation() {
    gateway.get("/v1/conversations/").isErrorShaped();
    gateway.get("/v1/conversations").isErrorShaped();
    gateway.get("/v1/conversations/a/b").isErrorShaped();
    gateway.get("/v1/conversations/a%2Fb").isErrorShaped();
    gateway.get("/v1/conversations/never-begun").isError(404, "not_found");
  }

  @Test
  void who_has_no_key_sees_nothing() {
    talk.say(ask(question));

    Answer refused =
        gateway.send(
            gateway
                .request("/v1/conversations/" + talk.id())
                .setHeader("Authorization", "Bearer x"));

    refused.isError(401, "invalid_api_key");
  }

  private static Conversations.NewMessage said(String text) {
    return new Conversations.NewMessage(
        new ChatMessage("user", "{\"role\":\"user\",\"content\":\"" + text + "\"}"), 4);
  }

  private static String system(String prompt, String text) {
    return """
    {"model":"%s","messages":[{"role":"system","content":"%s"},\
    {"role":"user","content":"%s"}]}\
    """
        .formatted(MODEL, prompt, text);
  }
}
